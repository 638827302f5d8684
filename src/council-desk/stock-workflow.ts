import type { Audience, Workflow, WorkflowState, WorkflowTransition } from '../domain/workflow.js';

const PREPARING: readonly Audience[] = ['members'];
const PROPOSED: readonly Audience[] = ['members', 'advisers'];
const VALIDATED: readonly Audience[] = ['members', 'advisers', 'managers', 'powerObservers'];

const STATES: readonly (readonly [id: string, title: string, visibleTo: readonly Audience[]])[] = [
  ['itemcreated', 'En création', PREPARING], ['proposed', 'Proposé', PROPOSED], ['validated', 'Validé', VALIDATED], ['presented', 'Présenté', VALIDATED],
  ['itemfrozen', 'Gelé', VALIDATED], ['accepted', 'Accepté', VALIDATED], ['accepted_but_modified', 'Accepté et modifié', VALIDATED],
  ['refused', 'Refusé', VALIDATED], ['delayed', 'Reporté', VALIDATED],
];

const IN_MEETING = ['presented', 'itemfrozen'];

const TRANSITIONS: readonly (readonly [id: string, title: string, from: readonly string[], to: string, allowedTo: readonly Audience[]])[] = [
  ['propose', 'Proposer', ['itemcreated'], 'proposed', ['creators', 'managers']],
  ['validate', 'Valider', ['proposed'], 'validated', ['reviewers', 'managers']],
  ['present', 'Présenter', ['validated'], 'presented', ['managers']],
  ['itemfreeze', 'Geler', ['presented'], 'itemfrozen', ['managers']],
  ['accept', 'Accepter', IN_MEETING, 'accepted', ['managers']],
  ['accept_but_modify', 'Accepter et modifier', IN_MEETING, 'accepted_but_modified', ['managers']],
  ['refuse', 'Refuser', IN_MEETING, 'refused', ['managers']],
  ['delay', 'Reporter', IN_MEETING, 'delayed', ['managers']],
  ['backToItemCreated', 'Renvoyer en création', ['proposed'], 'itemcreated', ['reviewers', 'managers']],
  ['backToProposed', 'Renvoyer à la proposition', ['validated'], 'proposed', ['managers']],
  ['backToValidated', 'Retirer de la séance', ['presented'], 'validated', ['managers']],
];

/** The workflow of items as PloneMeeting is usually installed (contracts/ws4pm.md §4.5). */
export function stockWorkflow(): Workflow {
  return {
    initial: 'itemcreated',
    states: STATES.map(([id, title, visibleTo]): WorkflowState => ({ id, title, visibleTo })),
    transitions: TRANSITIONS.map(([id, title, from, to, allowedTo]): WorkflowTransition => ({ id, title, from, to, allowedTo, needsMeeting: id === 'present' })),
  };
}

import type { Ws4pmSettings } from '../domain/authority.js';
import type { Audience, Workflow, WorkflowState, WorkflowTransition } from '../domain/workflow.js';

type Titles = readonly [fr: string, en: string];

/** Who sees an item: its own people while they prepare it, the advisers once it is proposed, the meeting's people once it
 * is validated (contracts/ws4pm.md §3.1). */
const PREPARING: readonly Audience[] = ['members'];
const PROPOSED: readonly Audience[] = ['members', 'advisers'];
const VALIDATED: readonly Audience[] = ['members', 'advisers', 'managers', 'powerObservers'];

const STATES: readonly (readonly [id: string, titles: Titles, visibleTo: readonly Audience[]])[] = [
  ['itemcreated', ['Créé', 'Created'], PREPARING],
  ['proposed', ['Proposé', 'Proposed'], PROPOSED],
  ['validated', ['Validé', 'Validated'], VALIDATED],
  ['presented', ['Présenté', 'Presented'], VALIDATED],
  ['itemfrozen', ['Gelé', 'Frozen'], VALIDATED],
  ['itempublished', ['Publié', 'Published'], VALIDATED],
  ['pre_accepted', ['Pré-accepté', 'Pre-accepted'], VALIDATED],
  ['accepted', ['Accepté', 'Accepted'], VALIDATED],
  ['accepted_but_modified', ['Accepté et modifié', 'Accepted but modified'], VALIDATED],
  ['refused', ['Refusé', 'Refused'], VALIDATED],
  ['delayed', ['Reporté', 'Delayed'], VALIDATED],
];

const IN_MEETING = ['presented', 'itemfrozen', 'itempublished', 'pre_accepted'];

const TRANSITIONS: readonly (readonly [id: string, titles: Titles, from: readonly string[], to: string, allowedTo: readonly Audience[]])[] = [
  ['propose', ['Proposer', 'Propose'], ['itemcreated'], 'proposed', ['creators', 'managers']],
  ['validate', ['Valider', 'Validate'], ['proposed'], 'validated', ['reviewers', 'managers']],
  ['present', ['Présenter', 'Present'], ['validated'], 'presented', ['managers']],
  ['itemfreeze', ['Geler', 'Freeze'], ['presented'], 'itemfrozen', ['managers']],
  ['itempublish', ['Publier', 'Publish'], ['itemfrozen'], 'itempublished', ['managers']],
  ['pre_accept', ['Pré-accepter', 'Pre-accept'], ['presented', 'itemfrozen', 'itempublished'], 'pre_accepted', ['managers']],
  ['accept', ['Accepter', 'Accept'], IN_MEETING, 'accepted', ['managers']],
  ['accept_but_modify', ['Accepter et modifier', 'Accept but modify'], IN_MEETING, 'accepted_but_modified', ['managers']],
  ['refuse', ['Refuser', 'Refuse'], IN_MEETING, 'refused', ['managers']],
  ['delay', ['Reporter', 'Delay'], IN_MEETING, 'delayed', ['managers']],
  ['backToItemCreated', ['Renvoyer au service', 'Send back to the service'], ['proposed'], 'itemcreated', ['reviewers', 'managers']],
  ['backToProposed', ['Renvoyer à la proposition', 'Send back to proposed'], ['validated'], 'proposed', ['managers']],
  ['backToValidated', ['Retirer de la séance', 'Take out of the meeting'], ['presented'], 'validated', ['managers']],
];

/** States that mean a positive decision (contracts/ws4pm.md §3.4); a meeting config has those that its workflow has. */
export const POSITIVE_DECISIONS = ['accepted', 'accepted_but_modified', 'accepted_out_of_meeting', 'accepted_out_of_meeting_emergency', 'transfered'];

/** The workflow of a meeting config that declares none, with the ids of the contract (contracts/ws4pm.md §4.5). */
export function defaultWorkflow(language: Ws4pmSettings['language']): Workflow {
  const titleOf = ([fr, en]: Titles): string => (language === 'fr' ? fr : en);
  return {
    initial: 'itemcreated',
    states: STATES.map(([id, titles, visibleTo]): WorkflowState => ({ id, title: titleOf(titles), visibleTo })),
    transitions: TRANSITIONS.map(([id, titles, from, to, allowedTo]): WorkflowTransition => ({
      id, title: titleOf(titles), from, to, allowedTo, needsMeeting: id === 'present',
    })),
  };
}

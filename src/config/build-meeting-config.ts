import type { Authority } from '../domain/authority.js';
import { OPTIONAL_ATTRIBUTES, type Adviser, type Category, type DocumentTemplate, type MeetingConfig, type OptionalAttribute } from '../domain/meeting-config.js';
import { buildBackend } from './build-backend.js';
import type { ConnectorFacts } from './connector-facts.js';
import { defaultWorkflow, POSITIVE_DECISIONS } from './default-workflow.js';
import type { MeetingConfigEntry } from './meeting-config-schema.js';
import { stableUid } from './stable-uid.js';

/** What a meeting config needs to know of its authority. */
export interface Surroundings {
  readonly authority: Pick<Authority, 'id' | 'ws4pm'>;
  /** Absolute path of the source of a template, by its position. */
  readonly templateFile: (template: number, source: string) => string;
  /** The uid of an organisation named by id or uid. */
  readonly organisationUid: (name: string) => string;
  /** What is known of a configured connector, by its id. */
  readonly connectors: (connector: string) => ConnectorFacts | undefined;
}

/** Turns a checked entry into the meeting config, without its meetings: they come once their dates are settled. */
export function buildMeetingConfig({ backend, ...entry }: MeetingConfigEntry, around: Surroundings): MeetingConfig {
  const { organisationUid } = around;
  const workflow = entry.workflow ?? defaultWorkflow(around.authority.ws4pm.language);
  const states = new Set(workflow.states.map((state) => state.id));
  return {
    ...entry,
    uid: entry.uid ?? stableUid(around.authority.id, 'meeting-config', entry.id),
    usedAttributes: new Set(entry.usedAttributes ?? defaultAttributes(entry)),
    usingOrganisations: entry.usingOrganisations.map(organisationUid),
    categories: entry.categories.map((category) => buildCategory(category, entry.id, around)),
    workflow,
    meetings: [],
    templates: entry.templates.map((template, index) => buildTemplate(template, around.templateFile(index, template.source))),
    itemPositiveDecidedStates: entry.itemPositiveDecidedStates ?? POSITIVE_DECISIONS.filter((state) => states.has(state)),
    orderedAssociatedOrganisations: entry.orderedAssociatedOrganisations.map(organisationUid),
    orderedOrganisationsInCharge: entry.orderedOrganisationsInCharge.map(organisationUid),
    selectableAdvisers: entry.selectableAdvisers.map((adviser) => buildAdviser(adviser, organisationUid)),
    ...(backend !== undefined && { backend: buildBackend(backend, around.connectors(backend.connector)) }),
  };
}

function defaultAttributes(entry: Pick<MeetingConfigEntry, 'categories'>): OptionalAttribute[] {
  return OPTIONAL_ATTRIBUTES.filter((attribute) => attribute !== 'category' || entry.categories.length > 0);
}

function buildCategory(entry: MeetingConfigEntry['categories'][number], configId: string, around: Surroundings): Category {
  return {
    ...entry,
    uid: entry.uid ?? stableUid(around.authority.id, 'category', configId, entry.id),
    usingOrganisations: entry.usingOrganisations.map(around.organisationUid),
  };
}

function buildTemplate({ source, ...entry }: MeetingConfigEntry['templates'][number], sourceFile: string): DocumentTemplate {
  return { ...entry, sourceFile, formats: [source.endsWith('.html') ? 'pdf' : 'docx'] };
}

function buildAdviser(entry: MeetingConfigEntry['selectableAdvisers'][number], organisationUid: (name: string) => string): Adviser {
  const organisation = organisationUid(entry.organisation);
  return { token: entry.row === undefined ? organisation : `${organisation}__rowid__${entry.row}`, organisation, users: entry.users };
}

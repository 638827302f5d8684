import type { HttpReply } from '../../src/connector-kit/http-simulator.js';
import { organisationsOf, selectableCategories } from '../../src/council-desk/town-rights.js';
import type { MeetingConfig } from '../../src/domain/meeting-config.js';
import { badRequest, flat, json } from './simulated-answers.js';
import { demandOf, type Demand } from './simulated-demand.js';
import { categoryElement, configElement, elementUid, organisationElement } from './simulated-elements.js';
import { isReply, lookOfQuery } from './simulated-entry.js';
import type { Call, Look } from './simulated-platform.js';

/** `@config`: one, or with `*` all active ones. */
export function configReply(call: Call): HttpReply {
  if (!call.query.has('config_id') && call.query.has('getConfigId')) return flat(500, 'KeyError', '\'config_id\'');
  const id = call.query.get('config_id');
  if (id === null) return badRequest('The "config_id" parameter must be given!');
  const look = lookOfQuery(call, id === '*' ? null : id);
  if (isReply(look)) return look;
  const demand = demandOf(call.query);
  if (id === '*') {
    const items = call.desk.town().meetingConfigs.filter(({ active }) => active).map((config) => fullConfig(config, demand, look));
    return json({ '@id': `${call.base}/@config`, items, 'items_total': items.length });
  }
  const config = call.desk.config(id);
  return config === undefined ? badRequest(`Unknown "config_id" : "${id}"!`) : json(fullConfig(config, demand, look));
}

function fullConfig(config: MeetingConfig, demand: Demand, look: Look): object {
  const isUsed = demand.everything || demand.metadataFields.includes('usedItemAttributes');
  return {
    ...configElement(config, look),
    ...isUsed && { usedItemAttributes: [...config.usedAttributes].map((token) => ({ token, title: token })) },
    ...(demand.everything || demand.metadataFields.includes('shortName')) && { shortName: config.shortName },
    ...Object.assign({}, ...demand.includes.map((include) => includedOf(config, include, look))) as object,
  };
}

function includedOf(config: MeetingConfig, include: string, look: Look): object {
  const found = INCLUDED[include]?.(config, look);
  return found === undefined ? {} : { [`extra_include_${include}`]: found, [`extra_include_${include}_items_total`]: found.length };
}

const INCLUDED: Readonly<Partial<Record<string, (config: MeetingConfig, look: Look) => readonly object[]>>> = {
  categories: (config, look) => selectableCategories(look.desk.town(), config, look.caller).map((category) => categoryElement(category, config, look)),
  classifiers: () => [],
  searches: () => [],
  pod_templates: ({ uid, id: configId, templates }, { base }) => templates.map(({ id, title, enabled }) => ({
    '@id': `${base}/portal_plonemeeting/${configId}/podtemplates/${id}`, '@type': 'ConfigurablePODTemplate', 'UID': elementUid('template', uid, id), id, title, 'description': '', enabled,
  })),
  proposing_groups: (config, look) => organisationsOf(look.desk.town(), config).map((organisation) => organisationElement(organisation, look)),
  associated_groups: (config, look) => ordered(config.orderedAssociatedOrganisations, config, look),
  groups_in_charge: (config, look) => ordered(config.orderedOrganisationsInCharge, config, look),
};

function ordered(uids: readonly string[], config: MeetingConfig, look: Look): readonly object[] {
  const all = organisationsOf(look.desk.town(), config);
  const chosen = uids.length === 0 ? all : uids.flatMap((uid) => all.filter((organisation) => organisation.uid === uid));
  return chosen.map((organisation) => organisationElement(organisation, look));
}

import { CouncilRefusal } from '../../src/council-desk/council-refusal.js';
import { RICH_FIELDS, type DeskValue, type ItemDraft } from '../../src/council-desk/desk-item.js';
import type { SimulatedTown } from '../../src/connector-kit/rehearsal.js';
import { ITEM_FIELDS } from '../../src/domain/item-fields.js';
import { textOf, textsOf, type Body } from './simulated-body.js';
import { isField } from './simulated-fields.js';

/** Keys of a creation that are no fields (contracts/plonemeeting-rest.md §6.1). */
const NO_FIELDS: readonly string[] = [
  'config_id', '@type', 'in_name_of', 'ignore_not_used_data', 'ignore_validation_for', 'clean_html', 'wf_transitions', 'return_fullobject', '__children__', 'id', 'title',
];

const GROUP_LISTS = ['associatedGroups', 'groupsInCharge', 'optionalAdvisers'] as const;

export interface ReadDraft {
  readonly draft: ItemDraft;
  readonly warnings: readonly string[];
}

/** What a body says of the item to be. Throws CouncilRefusal. */
export function readDraft(body: Body, configId: string, town: SimulatedTown): ReadDraft {
  const ignored = Object.keys(body).filter((key) => !NO_FIELDS.includes(key) && !isField(key));
  const [id, category, preferred] = [textOf(body['id']), textOf(body['category']), textOf(body['preferredMeeting'])];
  const draft: ItemDraft = {
    configId, ...id !== undefined && id !== '' && { id }, title: textOf(body['title']) ?? '', proposingGroup: groupNamed(textOf(body['proposingGroup']) ?? '', 'proposingGroup', town),
    ...textsIn(body), ...category !== undefined && { category },
    ...preferred !== undefined && preferred !== 'whatever' && preferred !== '' && { preferredMeeting: preferred },
    ...typeof body['toDiscuss'] === 'boolean' && { toDiscuss: body['toDiscuss'] },
    ...externalIdentifierIn(body),
    ...Object.fromEntries(GROUP_LISTS.flatMap((name) => (body[name] === undefined ? [] : [[name, textsOf(body[name]).map((group) => groupNamed(group, name, town))]]))),
    extra: extraIn(body),
  };
  return { draft, warnings: ignored.length === 0 ? [] : [`Following field values were ignored: "${ignored.toSorted().join('", "')}".`] };
}

/** Beyond ASCII it upsets the index itself (§9). */
function externalIdentifierIn(body: Body): { readonly externalIdentifier?: string } {
  const externalIdentifier = textOf(body['externalIdentifier']);
  if (externalIdentifier === undefined) return {};
  if (!/^[\x20-\x7e]*$/.test(externalIdentifier)) throw new TypeError('\'ascii\' codec can\'t encode characters: ordinal not in range(128)');
  return { externalIdentifier };
}

/** An id, a UID, or a path whose last part is an id (§2). An id with an underscore is misread as group and suffix; delay-aware advisers do not get through. */
function groupNamed(given: string, field: string, { organisations }: SimulatedTown): string {
  if (given === '') return '';
  const found = organisations.find(({ uid }) => uid === given) ?? (given.includes('_') ? undefined : organisations.find(({ id }) => id === given.split('/').at(-1)));
  if (found === undefined) throw new CouncilRefusal('not-understood', `Unknown "${field}" : "${given}"!`);
  return found.uid;
}

function textsIn(body: Body): Partial<Record<(typeof RICH_FIELDS)[number], string>> {
  const isCleaned = body['clean_html'] !== false;
  return Object.fromEntries(RICH_FIELDS.flatMap((name) => {
    const text = textOf(body[name]);
    return text === undefined ? [] : [[name, isCleaned ? cleaned(text) : text]];
  }));
}

/** Fields of the schema that have no place of their own. */
function extraIn(body: Body): Readonly<Record<string, DeskValue>> {
  const known = Object.entries(body).filter(([name]) => ITEM_FIELDS.has(name) && ![...RICH_FIELDS, ...GROUP_LISTS, 'preferredMeeting', 'proposingGroup', 'toDiscuss'].some((own) => own === name));
  return Object.fromEntries(known.flatMap(([name, value]): [string, DeskValue][] => {
    if (typeof value === 'boolean' || typeof value === 'number') return [[name, value]];
    if (Array.isArray(value)) return [[name, textsOf(value)]];
    const text = textOf(value);
    return text === undefined ? [] : [[name, ITEM_FIELDS.get(name)?.kind === 'rich' ? cleaned(text) : text]];
  }));
}

/** Trims, wraps what stands outside of tags, and takes out what is active (§6.1). */
export function cleaned(text: string): string {
  const safe = text.trim().replace(/<(script|style)\b.*?<\/\1\s*>/gis, '');
  return safe === '' || safe.startsWith('<') ? safe : `<p>${safe}</p>`;
}

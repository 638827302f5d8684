import type { DeskAnnex, DeskItem } from '../../src/council-desk/desk-item.js';
import { maySeeAnnex } from '../../src/council-desk/town-rights.js';
import { isTrue, type Demand } from './simulated-demand.js';
import { utc } from './simulated-elements.js';
import type { Call, Look } from './simulated-platform.js';

/** Name of a filter of annexes, and what it looks at. */
const FILTERS = { to_print: 'toPrint', confidential: 'confidential', publishable: 'publishable', to_sign: 'toSign', signed: 'signed' } as const;

const NAMES = Object.entries(FILTERS);

/** The annexes of an item that the user may see, in the order of the item. */
export function annexElements(item: DeskItem, demand: Demand, look: Look): readonly object[] {
  return item.annexes.filter((annex) => maySeeAnnex(look.desk.town(), item, annex, look.user) && passes(annex, demand)).map((annex) => annexElement(annex, item, demand, look));
}

export function annexElement(annex: DeskAnnex, item: DeskItem, demand: Demand, { base, desk }: Pick<Call, 'base' | 'desk'>): object {
  const url = annexUrl(annex, item, base);
  const typeTitle = desk.town().meetingConfigs.find(({ id }) => id === item.configId)?.annexTypes.find(({ id }) => id === annex.typeId)?.title ?? annex.typeId;
  const shows = (field: string): boolean => demand.everything || demand.metadataFields.includes(field);
  const adds = (value: string): boolean => demand.additionalValues.includes('*') || demand.additionalValues.includes(value);
  return {
    '@extra_includes': [], '@id': url, '@type': annex.relatedTo === 'item' ? 'annex' : 'annexDecision', UID: annex.uid, id: annex.id, title: annex.title, description: annex.description,
    review_state: null, created: utc(annex.createdAt), modified: utc(annex.createdAt), enabled: true,
    ...(!demand.isFull || shows('file')) && { file: { 'filename': annex.filename, 'content-type': annex.mediaType, 'size': annex.size, 'download': `${url}/@@download/file` } },
    ...shows('content_category') && { content_category: { token: longTypeId(annex, item), title: typeTitle } },
    ...Object.fromEntries(NAMES.filter(([name]) => shows(name) || adds(name)).map(([name, flag]) => [name, annex.flags[flag]])),
    ...adds('category_id') && { category_id: annex.typeId }, ...adds('category_title') && { category_title: typeTitle },
  };
}

/** `Members/…/plan.pdf` below the site, where an annex stands. */
export function annexUrl({ id }: DeskAnnex, { path }: DeskItem, base: string): string {
  return `${base}/${path}/${id}`;
}

/** The computed id by which a type is read back (contracts/plonemeeting-rest.md §2). */
function longTypeId({ typeId, relatedTo }: Pick<DeskAnnex, 'typeId' | 'relatedTo'>, { configId }: Pick<DeskItem, 'configId'>): string {
  return `${configId}-annexes_types_-_${relatedTo === 'item' ? 'item_annexes' : 'item_decision_annexes'}_-_${typeId}`;
}

function passes({ flags }: DeskAnnex, demand: Demand): boolean {
  return NAMES.every(([name, flag]) => {
    const wanted = demand.values(name).at(-1);
    return wanted === undefined || flags[flag] === isTrue(wanted);
  });
}

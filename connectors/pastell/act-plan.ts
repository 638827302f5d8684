import { OutcomeUnknown, Refused } from '../../src/connector-api/failures.js';
import type { Classification } from '../../src/formats/actes/classification.js';
import { typologiesOf } from '../../src/tele-transmission/typologies.js';
import type { Act } from '../../src/tele-transmission/act.js';
import { chooseExternal, editDocument, externalChoices } from './documents.js';
import type { Session } from './session.js';
import { pieces, shaped, textOf } from './shapes.js';

export type { Act };

/** Gives an act its matter as the classification of the entity names it now: «7.1 Décisions budgétaires» (contracts/pastell.md §4.3). Throws Refused
 * for one that is not there, be it that the classification changed overnight. */
export async function classifyAct(session: Session, id: string, { classification }: Pick<Act, 'classification'>): Promise<void> {
  const matters = mattersOf(await externalChoices(session, id, 'classification'));
  const chosen = matters.find((matter) => codeOf(matter) === classification);
  if (chosen === undefined) {
    const near = matters.filter((matter) => codeOf(matter).startsWith(classification.slice(0, 1))).slice(0, SHOWN).map((matter) => `«${matter}»`).join(', ');
    throw new Refused(`Field «classification»: found «${classification}», expected a matter of the classification that Pastell has now${near === '' ? '' : `, such as ${near}`}. It may have changed: have it refreshed in Pastell, or correct the mapping.`);
  }
  const { content } = await editDocument(session, id, { classification: chosen });
  const taken = textOf(content, 'classification');
  if (codeOf(taken) !== classification) throw new Refused(`Pastell did not take the classification: it was given «${chosen}» and shows «${taken}».`);
}

const SHOWN = 8;

function codeOf(matter: string): string {
  return matter.trim().split(' ', 1)[0] ?? '';
}

/** Keys are «code label» (§4.3); lists and maps of code and label are understood, too. */
export function mattersOf(choices: unknown): readonly string[] {
  if (Array.isArray(choices)) return choices.filter((one) => typeof one === 'string');
  if (typeof choices !== 'object' || choices === null) return [];
  return Object.entries(choices).map(([key, value]) => (key.includes(' ') || typeof value !== 'string' ? key : `${key} ${value}`));
}

/** Says of each file of an act what it is: the main document first, then the annexes (§4.3). All files must be there: the list depends on them. Versions
 * that choose by themselves have no such field. */
export async function giveTypologies(session: Session, id: string, { type }: { readonly type: string }, act: Act): Promise<void> {
  if (!(await session.fieldsOf(type)).has('type_piece')) return;
  const { actes_type_pj_list: offered, pieces: names } = shaped(pieces, await externalChoices(session, id, 'type_piece'));
  const { main, annexes } = typologiesOf(act, classificationOf(act, offered));
  if (names.length !== annexes.length + 1) throw new OutcomeUnknown(`Pastell shows ${names.length} files of the act, and ${annexes.length + 1} were sent.`);
  await chooseExternal(session, id, 'type_piece', [main, ...annexes].map((code) => ['type_pj[]', code]));
}

/** What Pastell offers for the nature of this act, as a classification that holds nothing else. */
function classificationOf({ nature, classification }: Pick<Act, 'nature' | 'classification'>, offered: Readonly<Record<string, string>>): Classification {
  const typologies = Object.entries(offered).map(([code, label]) => ({ code, label }));
  const isGeneral = ({ code }: { readonly code: string }): boolean => code.startsWith('99_');
  return {
    date: 'Pastell', matters: new Map([[classification, '']]),
    natures: [{ code: nature, label: '', short: '', typologies: [...typologies.filter(isGeneral), ...typologies.filter((one) => !isGeneral(one))] }],
  };
}

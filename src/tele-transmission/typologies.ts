import { Refused } from '../connector-api/failures.js';
import { shown } from '../errors.js';
import type { ActeNature, Classification } from '../formats/actes/classification.js';
import type { Act } from './act.js';

/** Codes of classifications of before there were any, by nature (contracts/pes-actes-formats.md §B1). */
const BEFORE_TYPOLOGIES: Readonly<Record<string, string>> = { 1: '99_DE', 2: '99_AR', 3: '99_AI', 4: '99_DC', 5: '99_BU', 6: '99_AU' };

/** A detached signature is no document that an act could be. */
const DETACHED_SIGNATURE = '99_SE';

/** Types of the documents of an act, in their order: those that are given, held against the classification in force, or else the first general
 * one (`99_…`) of the nature. Throws Refused for a nature, a matter or a type that the classification does not have, with what it has. */
export function typologiesOf(act: Pick<Act, 'nature' | 'classification' | 'mainTypology' | 'annexTypologies' | 'annexes'>, classification: Classification): { readonly main: string; readonly annexes: readonly string[] } {
  const nature = classification.natures.find(({ code }) => code === act.nature);
  if (nature === undefined) throw new Refused(`Field «nature»: found «${act.nature}», which the classification of ${classification.date} does not have.`);
  if (!classification.matters.has(act.classification)) {
    throw new Refused(`Field «classification»: found «${act.classification}», which the classification of ${classification.date} does not have${near(act.classification, classification)}.`);
  }
  const given = act.annexTypologies ?? act.annexes.map(() => '');
  if (given.length !== act.annexes.length) throw new Refused(`Field «annexTypologies»: found ${given.length} types for ${act.annexes.length} annexes; expected one for each, in their order.`);
  return {
    main: act.mainTypology === null ? general(nature) : checked('typology', act.mainTypology, nature, classification),
    annexes: given.map((code) => (code === '' ? general(nature) : checked('annexTypologies', code, nature, classification))),
  };
}

function general({ code, label, typologies }: ActeNature): string {
  const proposed = typologies.length === 0 ? BEFORE_TYPOLOGIES[code] : typologies.find((typology) => typology.code.startsWith('99_') && typology.code !== DETACHED_SIGNATURE)?.code;
  if (proposed !== undefined) return proposed;
  throw new Refused(`Field «typology»: the classification has no general type of documents for nature ${code} (${label}). Map one of ${typologies.map((typology) => typology.code).join(', ')}.`);
}

function checked(field: string, given: string, { code, label, typologies }: ActeNature, { date }: Classification): string {
  if (!/^[A-Z0-9_]{5}$/.test(given)) throw new Refused(`Field «${field}»: found «${shown(given)}», expected a type of documents of five characters, such as 99_DE.`);
  if (typologies.length === 0 || typologies.some((typology) => typology.code === given)) return given;
  throw new Refused(`Field «${field}»: found «${given}», which acts of nature ${code} (${label}) do not have in the classification of ${date}; expected one of ${typologies.map((typology) => typology.code).join(', ')}.`);
}

/** The matters beside the one that is not there. */
function near(path: string, { matters }: Classification): string {
  const above = path.slice(0, path.lastIndexOf('.') + 1);
  const beside = [...matters.keys()].filter((one) => one.startsWith(above) && one.split('.').length === path.split('.').length);
  return beside.length === 0 ? '' : `; expected one of ${beside.join(', ')}`;
}

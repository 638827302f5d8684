import { Readable } from 'node:stream';
import { OutcomeUnknown, Refused } from '../../src/connector-api/failures.js';
import type { Classification } from '../../src/formats/actes/classification.js';
import { readClassification } from '../../src/formats/actes/read-classification.js';
import { FormatError } from '../../src/formats/format-error.js';
import { decodeText, plainWords, readApiAnswer } from './answer-text.js';
import { notAnAnswer, type Api } from './api.js';

/** The classification in force. Fetched for every act: it may have changed overnight, and the platform would take an act with a type of document
 * that is no longer there, and refuse it later (contracts/s2low.md §3.2, §8). Throws Refused where the platform has none yet. */
export async function fetchClassification(api: Api): Promise<Classification> {
  const bytes = await api.read('/modules/actes/actes_classification_fetch.php', { api: 1 });
  const answer = readApiAnswer(bytes);
  if (answer?.ok === false) {
    await api.requireAccess();
    throw new Refused(`S2LOW has no classification for this authority, or the account may not use the module actes: «${answer.words}». Have it asked for over there, or the right given, then retry.`);
  }
  try {
    return await readClassification(Readable.from([bytes]));
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    throw decodeText(bytes).includes('RetourClassification') ? new OutcomeUnknown(`The classification of ${api.who} cannot be read. ${plainWords(error.message)}`, { cause: error }) : notAnAnswer(bytes, api.who);
  }
}

/** What the fields of an act can take now. */
export function choicesOf({ natures, matters }: Classification): Readonly<Record<string, readonly string[]>> {
  const typologies = [...new Set(natures.flatMap((nature) => nature.typologies.map(({ code }) => code)))];
  return {
    nature: natures.map(({ code }) => code),
    // Two levels at least (§3.1).
    classification: [...matters.keys()].filter((path) => path.includes('.')),
    ...(typologies.length > 0 && { typology: typologies, annexTypologies: typologies }),
  };
}

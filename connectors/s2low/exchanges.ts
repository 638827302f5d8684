import { OutcomeUnknown, Refused } from '../../src/connector-api/failures.js';
import { decodeText, plainWords, readApiAnswer } from './answer-text.js';
import { notAnAnswer, type Api } from './api.js';

/** A transaction about an act: a letter of the prefecture or, once it was answered, the answer in its place; a cancellation (type 6). */
export interface Exchange {
  readonly type: string;
  readonly status: number;
  readonly id: string;
}

/** What was exchanged about an act: one line each, `type-status-id`, where the status may have a sign of its own (contracts/s2low.md §3.5). */
export async function exchangesOf(api: Api, act: string): Promise<readonly Exchange[]> {
  const bytes = await api.read('/modules/actes/actes_transac_get_document.php', { id: act });
  const refused = readApiAnswer(bytes);
  if (refused?.ok === false) {
    await api.requireAccess();
    throw new Refused(`S2LOW does not tell what was exchanged about the act ${act}: «${refused.words}».`);
  }
  return decodeText(bytes).split(/\r?\n/).map((line) => line.trim()).filter((line) => line !== '').map((line) => {
    const [, type, status, id] = /^(\d{1,2})-(-?\d{1,4})-(\d{1,18})$/.exec(line) ?? [];
    if (type === undefined || id === undefined) throw line.startsWith('<') ? notAnAnswer(bytes, api.who) : new OutcomeUnknown(`${api.who} lists «${plainWords(line)}» among what was exchanged about the act ${act}, which cannot be read.`);
    return { type, status: Number(status), id };
  });
}

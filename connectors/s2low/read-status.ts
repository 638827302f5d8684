import { OutcomeUnknown } from '../../src/connector-api/failures.js';
import { decodeText, plainWords } from './answer-text.js';
import { notAnAnswer, type Api } from './api.js';

const LINE_FEED = 0x0A;

export type ActStanding =
  /** `payload`: bytes after the status line as they came: an acknowledgement, or what went wrong (contracts/s2low.md §3.3). */
  | { readonly status: number; readonly payload: Buffer }
  | { readonly refused: string };

/** Where a transaction of the module actes stands. Throws Misconfigured where the account is not let in. */
export async function readActStatus(api: Api, transaction: string): Promise<ActStanding> {
  const bytes = await api.read('/modules/actes/actes_transac_get_status.php', { transaction, api: 1 });
  const [first, afterFirst] = lineOf(bytes, 0);
  if (first === 'KO') {
    await api.requireAccess();
    return { refused: plainWords(decodeText(bytes.subarray(afterFirst))) };
  }
  if (first !== 'OK') throw notAnAnswer(bytes, api.who);
  const [second, afterSecond] = lineOf(bytes, afterFirst);
  if (!/^-?\d{1,4}$/.test(second)) throw new OutcomeUnknown(`${api.who} answered without the status of transaction ${transaction}.`);
  return { status: Number(second), payload: bytes.subarray(afterSecond) };
}

/** A line and where the next one begins. Only the first two are lines: what follows is kept byte for byte. */
function lineOf(bytes: Buffer, from: number): readonly [line: string, next: number] {
  const end = bytes.indexOf(LINE_FEED, from);
  return end < 0 ? [bytes.subarray(from).toString('latin1').trim(), bytes.length] : [bytes.subarray(from, end).toString('latin1').trim(), end + 1];
}

import { Readable } from 'node:stream';
import { makePdf } from '../../src/signature-desk/make-pdf.js';
import { actIdOf } from '../../src/state-desk/act-names.js';
import type { StateDesk } from '../../src/state-desk/state-desk.js';
import { TOWN } from './simulated-accounts.js';

/** The first transaction of a platform that has none. */
const FIRST = 1001;
const PREFIX = 'ANCIEN_';
const DAY = '2026-01-15';

/** Makes acts that are acknowledged, each with a letter that asks for pieces. */
export async function settleActs({ files, prefecture }: StateDesk, count: number): Promise<void> {
  const first = prefecture.list().filter((one) => one.kind === 'act' && isSettled(one.number)).length + 1;
  const pdf = { ...await files.keep(Readable.from([makePdf(['Acte acquitté'])])), filename: 'acte.pdf', mediaType: 'application/pdf', postedAs: 'acte.pdf', typology: '99_DE' };
  for (let number = first; number < first + count; number += 1) {
    const { id } = await prefecture.file({ ...factsOf(number), documents: [pdf] });
    await prefecture.answer(id, { verdict: 'accept' });
    await prefecture.write(id, 'pieces');
  }
}

/** Transactions of the act that `settleActs` made under a number where nothing was there before, known beforehand, and its IDActe. */
export function settledAct(number: number): { readonly act: string; readonly letter: string; readonly actId: string } {
  return { act: String(FIRST + 2 * (number - 1)), letter: String(FIRST + 2 * (number - 1) + 1), actId: actIdOf(factsOf(number)) };
}

/** Number of the act with this transaction, or that a letter is about. */
export function numberOfSettled(transaction: string): number {
  return Math.floor((Number(transaction) - FIRST) / 2) + 1;
}

export function isSettled(number: string): boolean {
  return number.startsWith(PREFIX);
}

function factsOf(number: number) {
  return { authority: TOWN, number: `${PREFIX}${number}`, nature: '1', matter: '7.10', date: DAY, subject: `Acte acquitté ${number}`, paperFollows: false };
}

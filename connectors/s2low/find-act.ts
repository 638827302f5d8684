import { z } from 'zod';
import { OutcomeUnknown } from '../../src/connector-api/failures.js';
import { ALONG_THE_WAY } from './act-status.js';
import { decodeText } from './answer-text.js';
import { notAnAnswer, type Api } from './api.js';

/** Rows asked for at once. Pages overlap: a row that leaves a page while it is read pulls others over from the next one. */
const PAGE = 1000;
const STEP = 900;
const MOST_PAGES = 200;

const word = z.union([z.string(), z.number()]).nullish().transform((value) => String(value ?? ''));

/** More is told; numbers come as texts or numbers (contracts/s2low.md §3). */
const listed = z.object({ transactions: z.array(z.object({ id: word, subject: word, number: word, date: word, type: word })) });

export type ListedAct = z.infer<typeof listed>['transactions'][number];

/** The act that has a number in this authority, whatever its status: it is the only one (§3.2). Null: there is none, and all lists were read. */
export function findAct(api: Api, number: string): Promise<ListedAct | null> {
  return find(api, (row) => row.number === number, `number ${number}`);
}

/** An act by its transaction. Null: none is listed. */
export function findActAt(api: Api, transaction: string): Promise<ListedAct | null> {
  return find(api, ({ id }) => id === transaction, `transaction ${transaction}`);
}

async function find(api: Api, isIt: (row: ListedAct) => boolean, words: string): Promise<ListedAct | null> {
  for (const status of ALONG_THE_WAY) {
    const found = await findIn(api, status, isIt, words);
    if (found !== undefined) return found;
  }
  return null;
}

async function findIn(api: Api, status: number, isIt: (row: ListedAct) => boolean, words: string): Promise<ListedAct | undefined> {
  for (let page = 0; page < MOST_PAGES; page += 1) {
    const rows = await readPage(api, status, page * STEP);
    const found = rows.find((row) => isIt(row) && (row.type === '' || row.type === '1'));
    if (found !== undefined || rows.length < STEP) return found;
  }
  throw new OutcomeUnknown(`${api.who} lists more than ${MOST_PAGES * STEP} acts in status ${status}: whether ${words} is among them cannot be told.`);
}

async function readPage(api: Api, status: number, offset: number): Promise<readonly ListedAct[]> {
  const bytes = await api.read('/modules/actes/api/list_actes.php', { status_id: status, offset, limit: PAGE });
  return readJson(listed, bytes, api).transactions;
}

/** A JSON answer. Throws OutcomeUnknown for what is another page or lacks what is needed; a KO in its place as `refusal` tells it. */
export function readJson<Value>(schema: z.ZodType<Value>, bytes: Buffer, api: Pick<Api, 'who'>): Value {
  const read = schema.safeParse(parsed(decodeText(bytes)));
  if (!read.success) throw notAnAnswer(bytes, api.who);
  return read.data;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

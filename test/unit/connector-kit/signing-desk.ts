import { Readable } from 'node:stream';
import { z } from 'zod';
import type { Connector, Receipt, Submission } from '../../../src/connector-api/connector.js';
import { Misconfigured, NotSent, Refused } from '../../../src/connector-api/failures.js';
import type { OtherSide, Rehearsal, SimulatedAnswer } from '../../../src/connector-kit/rehearsal.js';

/** Desks by their name, as a connector finds them. */
const desks = new Map<string, Desk>();

interface Desk {
  readonly items: Map<string, { readonly uid: string; readonly files: readonly string[]; cancelled: boolean; answer?: SimulatedAnswer }>;
  readonly letters: Map<string, { readonly title: string; marked: boolean }>;
  readonly awaiting: Set<string>;
  open: boolean;
}

type Settings = { readonly desk: string };

function deskOf({ desk }: Settings): Desk {
  const found = desks.get(desk);
  if (found === undefined) throw new Misconfigured(`There is no desk «${desk}».`);
  if (!found.open) throw new NotSent('The desk is closed.');
  return found;
}

function receiptOf({ key }: Submission): Receipt {
  return { reference: key, state: 'sent', data: { key } };
}

/** A connector whose answer comes later and that can take back, without a network. */
export const signingDesk: Connector<Settings> & Required<Pick<Connector<Settings>, 'track' | 'cancel'>> = {
  manifest: { id: 'signing-desk', title: { fr: 'Parapheur', en: 'Signing desk' }, kinds: ['*'], operations: { sign: { idempotence: 'client-key', answersLater: true } } },
  settings: z.strictObject({ desk: z.string() }),
  check: (settings) => Promise.resolve().then(() => void deskOf(settings)),
  async submit(submission, settings, { blobs, ...context }) {
    const { key, operation, item } = submission;
    if (operation !== 'sign') throw new Misconfigured('It signs.');
    const desk = deskOf(settings);
    for (const { sha256 } of item.annexes) blobs.read(sha256).resume();
    await context.markSent();
    if (!desk.items.has(key)) desk.items.set(key, { uid: item.uid, files: item.annexes.map(({ sha256 }) => sha256), cancelled: false });
    return receiptOf(submission);
  },
  probe: (submission, settings) => Promise.resolve().then(() => (deskOf(settings).items.has(submission.key) ? { found: receiptOf(submission) } : 'absent')),
  async track(_receipt, { key }, settings, { blobs }) {
    const answer = deskOf(settings).items.get(key)?.answer;
    if (answer === undefined) return { state: 'pending' };
    if (answer.state === 'rejected') return { state: 'rejected', reason: `Refused by the mayor: ${answer.reason}` };
    const documents = await Promise.all(answer.documents.map(async ({ filename, content }) => ({ title: filename, filename, mediaType: 'application/pdf', ...await blobs.keep(Readable.from([content])) })));
    return { state: 'done', results: { documents } };
  },
  cancel(_receipt, { key }, settings) {
    const found = deskOf(settings).items.get(key);
    if (found === undefined || found.answer !== undefined) return Promise.resolve('too-late');
    found.cancelled = true;
    return Promise.resolve('cancelled');
  },
};

/** The same with all that a connector may have beside: it signs in sessions, tells in one answer how many stand, calls back, has letters,
 * and gives its documents back before it is done with them. */
export const sessionDesk: Connector<Settings> & Required<Pick<Connector<Settings>, 'track' | 'survey' | 'together' | 'receive' | 'collect' | 'personalLink'>> = {
  ...signingDesk,
  async track(receipt, submission, settings, context) {
    if (isBroughtBack(receipt)) return { state: 'done' };
    const told = await signingDesk.track(receipt, submission, settings, context);
    return told.state === 'done' && told.results !== undefined ? { state: 'pending', results: told.results, data: { key: submission.key, broughtBack: true } } : told;
  },
  survey: {
    atMost: 10,
    ask: (sent, settings) => Promise.resolve().then(() => {
      const { items } = deskOf(settings);
      return new Set(sent.map(({ receipt }) => receipt.reference).filter((key) => items.get(key)?.answer !== undefined || !items.has(key)).map((key) => sent.find(({ receipt }) => receipt.reference === key)?.submission.key ?? key));
    }),
  },
  together: {
    gather({ item }) {
      const weight = item.annexes.reduce((sum, { size }) => sum + size, 0);
      if (weight > LIGHTEST) throw new Refused('It is too heavy.');
      return { group: 'all', weight, limits: { weight: LIGHTEST, count: 20, waitMs: 60_000 } };
    },
    async submit(load, settings, context) {
      const { operation } = load[0] ?? { operation: '' };
      if (operation !== 'sign') throw new Misconfigured('It signs.');
      deskOf(settings);
      for (const { sha256 } of load.flatMap(({ item }) => item.annexes)) context.blobs.read(sha256).resume();
      await context.markSent();
      const receipts: Receipt[] = [];
      for (const submission of load) receipts.push(await signingDesk.submit(submission, settings, { ...context, markSent: () => Promise.resolve() }));
      return receipts;
    },
  },
  collect: {
    kinds: ['letter'],
    list: (settings) => Promise.resolve().then(() => [...deskOf(settings).letters].filter(([, { marked }]) => !marked).map(([key]) => ({ key }))),
    async fetch({ key }, settings, { blobs }) {
      const letter = await Promise.resolve().then(() => deskOf(settings).letters.get(key));
      if (letter === undefined) return 'gone';
      const document = { title: '', filename: 'letter.pdf', mediaType: 'application/pdf', ...await blobs.keep(Readable.from([Buffer.from(letter.title)])) };
      return { kind: 'letter', title: letter.title, documents: [document] };
    },
    kept: ({ key }, settings) => Promise.resolve().then(() => {
      const letter = deskOf(settings).letters.get(key);
      if (letter !== undefined) letter.marked = true;
    }),
  },
  personalLink: (_receipt, { key }, settings, { clock }) => Promise.resolve().then(() => (
    deskOf(settings).awaiting.has(key) ? { url: `https://desk.example/sign?token=${key}`, validUntil: clock.now() + 60_000 } : null)),
  receive: ({ token, body }) => (token === 'its-token' ? { references: [body.toString('latin1')] } : 'not-authentic'),
};

const LIGHTEST = 1_000_000;

function isBroughtBack({ data }: Receipt): boolean {
  return typeof data === 'object' && data !== null && 'broughtBack' in data;
}

let opened = 0;

function openDesk(): Promise<OtherSide> {
  const name = `desk-${opened += 1}`;
  const desk: Desk = { items: new Map(), letters: new Map(), awaiting: new Set(), open: true };
  desks.set(name, desk);
  return Promise.resolve({
    settings: { desk: name }, brokenSettings: { desk: 'none' }, secrets: [],
    delivered: () => Promise.resolve([...desk.items.values()].map(({ uid, files, cancelled }) => ({ itemUid: uid, files, cancelled }))),
    behave: (how) => { desk.open = how !== 'down'; return Promise.resolve(); },
    answer(uid, answer) {
      for (const item of desk.items.values()) if (item.uid === uid) item.answer = answer;
      return Promise.resolve();
    },
    announce() {
      const [key, letter] = [`letter-${desk.letters.size}`, { title: 'A letter', marked: false }];
      desk.letters.set(key, letter);
      return Promise.resolve({ isMarked: () => Promise.resolve(letter.marked), withdraw: () => { desk.letters.delete(key); return Promise.resolve(); } });
    },
    awaitPerson(uid) {
      for (const [key, item] of desk.items) if (item.uid === uid) desk.awaiting.add(key);
      return Promise.resolve();
    },
    callBack: (uid) => Promise.resolve({ token: 'its-token', headers: {}, body: Buffer.from([...desk.items].find(([, item]) => item.uid === uid)?.[0] ?? '') }),
    close: () => { desks.delete(name); return Promise.resolve(); },
  });
}

const NO_NETWORK = 'there is no network in between';

export const signingDeskRehearsals: readonly Rehearsal[] = [{
  operation: 'sign', announces: true, awaitsPerson: true,
  skips: { refuses: 'it takes everything', throttles: NO_NETWORK, 'loses-answer': NO_NETWORK, 'cuts-answer': NO_NETWORK, hangs: NO_NETWORK, secrets: 'there are none', files: 'it only counts them' },
  open: openDesk,
}];

import { Readable } from 'node:stream';
import { z } from 'zod';
import type { Connector, Receipt, Submission } from '../../../src/connector-api/connector.js';
import { Misconfigured, NotSent } from '../../../src/connector-api/failures.js';
import type { OtherSide, Rehearsal, SimulatedAnswer } from '../../../src/connector-kit/rehearsal.js';

/** Desks by their name, as a connector finds them. */
const desks = new Map<string, Desk>();

interface Desk {
  readonly items: Map<string, { readonly uid: string; readonly files: readonly string[]; cancelled: boolean; answer?: SimulatedAnswer }>;
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

let opened = 0;

function openDesk(): Promise<OtherSide> {
  const name = `desk-${opened += 1}`;
  const desk: Desk = { items: new Map(), open: true };
  desks.set(name, desk);
  return Promise.resolve({
    settings: { desk: name }, brokenSettings: { desk: 'none' }, secrets: [],
    delivered: () => Promise.resolve([...desk.items.values()].map(({ uid, files, cancelled }) => ({ itemUid: uid, files, cancelled }))),
    behave: (how) => { desk.open = how !== 'down'; return Promise.resolve(); },
    answer(uid, answer) {
      for (const item of desk.items.values()) if (item.uid === uid) item.answer = answer;
      return Promise.resolve();
    },
    close: () => { desks.delete(name); return Promise.resolve(); },
  });
}

const NO_NETWORK = 'there is no network in between';

export const signingDeskRehearsals: readonly Rehearsal[] = [{
  operation: 'sign',
  skips: { refuses: 'it takes everything', throttles: NO_NETWORK, 'loses-answer': NO_NETWORK, 'cuts-answer': NO_NETWORK, hangs: NO_NETWORK, secrets: 'there are none', files: 'it only counts them' },
  open: openDesk,
}];

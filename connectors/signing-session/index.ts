import type { Cancelling, Connector, ConnectorContext, Receipt, Sent, Submission } from '../../src/connector-api/connector.js';
import { checkFailed, OutcomeUnknown } from '../../src/connector-api/failures.js';
import { receiveCallBack } from './call-back.js';
import { signingSessionSettings, type SigningSessionSettings } from './config.js';
import { FIELDS } from './fields.js';
import { follow, summaryOf } from './follow.js';
import { handOver, lookFor } from './hand-over.js';
import { httpPartner } from './http-partner.js';
import { gather, keyOf } from './part.js';
import { sentDataOf } from './receipt.js';

/** Has the PDF files of items signed in external signing sessions, several items in one. */
export const signingSession: Connector<SigningSessionSettings> = {
  manifest: {
    id: 'signing-session',
    title: { fr: 'Séance de signature externe', en: 'External signing session' },
    kinds: ['*'],
    operations: { sign: { idempotence: 'client-key', fields: FIELDS, answersLater: true } },
  },
  settings: signingSessionSettings,
  check,
  submit,
  probe: (submission, settings, context) => lookFor(submission, httpPartner(settings, context)),
  track: (receipt, _submission, settings, context) => follow(receipt, settings, context, httpPartner(settings, context)),
  cancel,
  together: { gather, submit: (load, settings, context) => handOver(load, settings, context, httpPartner(settings, context)) },
  survey: { atMost: 20, ask: askForNews },
  choices: ({ signers }) => Promise.resolve({ signerRule: signers.rules.map(({ rule }) => rule) }),
  receive: (call, { callBack }) => receiveCallBack(call, callBack.secret),
};

async function check(settings: SigningSessionSettings, context: ConnectorContext): Promise<void> {
  try {
    await httpPartner(settings, context).check();
  } catch (error) {
    throw checkFailed(error, 'The gateway could not be tried.');
  }
}

/** One item is a session of its own. */
async function submit(submission: Submission, settings: SigningSessionSettings, context: ConnectorContext): Promise<Receipt> {
  gather(submission, settings, context.clock.now());
  const [receipt] = await handOver([submission], settings, context, httpPartner(settings, context));
  if (receipt === undefined) throw new OutcomeUnknown('The partner took the session, and it has no receipt.');
  return receipt;
}

/** Items of one session share one question. */
async function askForNews(sent: readonly Sent[], settings: SigningSessionSettings, context: ConnectorContext): Promise<ReadonlySet<string>> {
  const partner = httpPartner(settings, context);
  const told = new Map<string, string | null>();
  for (const { receipt: { reference } } of sent) {
    if (told.has(reference)) continue;
    const session = await partner.state(reference);
    told.set(reference, session === null ? null : summaryOf(session));
  }
  return new Set(sent.filter(({ receipt }) => told.get(receipt.reference) !== sentDataOf(receipt).seen).map(({ submission }) => submission.key));
}

/** A session cannot be changed once it was sent (contracts/iparapheur.md §5.4): only one with nothing else in it is taken back. */
async function cancel(receipt: Receipt, { key }: Submission, settings: SigningSessionSettings, context: ConnectorContext): Promise<Cancelling> {
  const partner = httpPartner(settings, context);
  const session = await partner.state(receipt.reference);
  if (session === null) return 'cancelled';
  const others = new Set(session.codes.map(keyOf).filter((other) => other !== key));
  if (others.size > 0) return { tooLate: `It travels with ${others.size} other item(s) in session ${receipt.reference}, which is never changed` };
  if (session.codes.length === 0) return { tooLate: `Session ${receipt.reference} does not say what it holds, so it is not taken back` };
  return partner.cancel(receipt.reference);
}

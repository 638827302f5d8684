import type { ConnectorContext, Receipt, Results, Tracking } from '../../src/connector-api/connector.js';
import { OutcomeUnknown, Refused } from '../../src/connector-api/failures.js';
import { bringBackSigned } from '../../src/signature-book/bring-back.js';
import { givenUp, missingFolder } from '../../src/signature-book/missing-folder.js';
import type { ReturnedDocument } from '../../src/signature-book/returned-folder.js';
import type { SigningSessionSettings } from './config.js';
import { keyOf } from './part.js';
import type { Partner, PartnerSession } from './partner.js';
import { sentDataOf, type SentData } from './receipt.js';

const PDF = 'application/pdf';

/** Where the session of a delivery stands, and what comes of it. */
export async function follow(receipt: Receipt, settings: SigningSessionSettings, context: ConnectorContext, partner: Partner): Promise<Tracking> {
  const sent = sentDataOf(receipt);
  const session = await partner.state(receipt.reference);
  if (session === null) return missing(sent, settings, context);
  switch (session.phase) {
    case 'creating':
      return pending(sent, session, 'The partner has taken it, and is making the session.');
    case 'to-sign':
      return toSign(sent, session);
    case 'refused':
      return { state: 'rejected', reason: refusalOf(session) };
    case 'uploading':
      return pending(sent, session, 'Everyone has signed; the signed files are not there yet.');
    case 'returned':
      return { state: 'done', results: await signedDocuments(receipt.reference, sent, settings, context, partner) };
    case 'failed':
      throw new Refused(`The partner could not make the session${saying(session)}. Correct what it says, then retry: the items go into a new session.`);
    case 'other':
      context.logger.warn('A state of a session that is not known', { session: session.id, state: session.state });
      return pending(sent, session, `The partner says «${session.state}», which this version does not know.`);
  }
}

/** What is told of a session, as one text: nothing is new as long as it stays the same. */
export function summaryOf({ phase, state, signed, links }: PartnerSession): string {
  return JSON.stringify([phase, state, signed.toSorted(), links.length > 0]);
}

function pending({ documents, signatures }: SentData, session: PartnerSession, note: string, results?: Results): Tracking {
  const data: SentData = { documents, signatures, seen: summaryOf(session) };
  return { state: 'pending', note, data, ...(results !== undefined && { results }) };
}

/** The links are brought back once, as soon as there are some. */
function toSign(sent: SentData, session: PartnerSession): Tracking {
  const { signers, signed, links } = session;
  const awaited = signers.filter((who) => !signed.includes(who));
  const note = `${signed.length === 0 ? 'Nobody has signed yet' : `Signed by ${signed.join(', ')}`}${awaited.length === 0 ? '' : `; awaited: ${awaited.join(', ')}`}.`;
  const known = sent.seen !== undefined && (JSON.parse(sent.seen) as unknown[]).at(-1) === true;
  if (links.length === 0 || known) return pending(sent, session, note);
  return pending(sent, session, note, { fields: { signerLinks: links.map(({ who, url }) => (who === '' ? url : `${who}: ${url}`)) } });
}

/** contracts/iparapheur.md §5.4: one refusal refuses the whole session. */
function refusalOf(session: PartnerSession): string {
  const who = session.refused.map(({ who: name, reason }) => (reason === '' ? name : `${name} («${reason}»)`)).join(', ');
  const { size } = new Set(session.codes.map(keyOf));
  const all = size > 1 ? ` A refusal is one of the whole session: its ${size} items come back.` : '';
  return `${who === '' ? 'A signer' : who} refused to sign session ${session.id}${saying(session)}.${all}`;
}

function missing(sent: SentData, { lostAfterMs }: SigningSessionSettings, { clock }: ConnectorContext): Tracking {
  const { since, lost } = missingFolder(sent.missingSince, clock.now(), lostAfterMs);
  if (lost) throw new Refused('The partner has no such session any more. Ask the partner what became of it; to have the documents signed after all, send the item again.');
  return { state: 'pending', note: `The partner does not find the session; ${givenUp(since, lostAfterMs)}.`, data: { ...sent, missingSince: since } };
}

async function signedDocuments(session: string, sent: SentData, settings: SigningSessionSettings, context: ConnectorContext, partner: Partner): Promise<Results> {
  const documents: ReturnedDocument[] = [];
  for (const { code, filename, sha256, size } of sent.documents) {
    const kept = await context.blobs.keep(await partner.signedDocument(session, code, size));
    if (kept.size === 0) throw new OutcomeUnknown(`The signed document «${filename}» is empty.`);
    documents.push({ file: { filename, mediaType: PDF, ...kept }, original: { filename, sha256, size }, detached: [], place: null, signers: sent.signatures });
  }
  return bringBackSigned({ documents, slip: null, added: [], onPaper: false }, 'signature', { ...settings, paper: 'refuse' }, context);
}

function saying({ message }: PartnerSession): string {
  const words = message.replace(/[\p{C}\p{Zl}\p{Zp}\s]+/gu, ' ').trim().replace(/\.$/, '');
  return words === '' ? '' : `: ${words}`;
}

import { createHash } from 'node:crypto';
import { proveAnnex } from '../../src/connector-api/annex-content.js';
import type { ConnectorContext, Probe, Receipt, Submission } from '../../src/connector-api/connector.js';
import { isFailure, NotSent, OutcomeUnknown, Refused } from '../../src/connector-api/failures.js';
import { uniqueFilenames } from '../../src/signature-book/unique-filenames.js';
import { callBackToken } from './call-back.js';
import type { SigningSessionSettings } from './config.js';
import { documentsOf, groupOf, keyOf, partOf, uniqueCode, type SessionPart } from './part.js';
import type { NewDocument, NewSession, Partner } from './partner.js';
import { receiptOf, type SentDocument } from './receipt.js';

/** Hands items over as one session: all or nothing. */
export async function handOver(load: readonly Submission[], settings: SigningSessionSettings, context: ConnectorContext, partner: Partner): Promise<readonly Receipt[]> {
  const now = context.clock.now();
  const parts = load.map((submission) => partOf(submission, settings, now));
  const [first] = parts;
  if (first === undefined) return [];
  requireTogether(load, parts, settings);
  const session = sessionOf(first, parts, settings, context.callBackUrl);
  for (const { annex } of session.documents) await proveAnnex(annex, context);
  await context.markSent();
  const id = await partner.createSession(session) === 'accepted' ? session.id : await placeOf(session.documents, partner).catch((error: unknown) => { throw takenAlready(error); });
  const signatures = first.signers.length + (first.seal ? 1 : 0);
  return parts.map(({ key }) => receiptOf(id, session.documents.filter((document) => keyOf(document.code) === key), signatures));
}

/** Whether a submission arrived: asked by the code of its first document, because a session is all or nothing. */
export async function lookFor(submission: Submission, partner: Partner): Promise<Probe> {
  const documents = namedDocuments([{ key: submission.key, itemUid: submission.item.uid, documents: documentsOf(submission) }]);
  const id = await partner.findDocument(uniqueCode(submission.key, 0));
  if (id === null) return 'absent';
  const session = await partner.state(id);
  const signers = session?.signers.length ?? 0;
  return { found: receiptOf(id, documents, Math.max(1, signers) + (submission.fields['seal'] === true ? 1 : 0)) };
}

/** The name of a session is made of what it holds, so that the same load is not taken for another one. The gateway's own clients count
 * with five digits (contracts/iparapheur.md §5.4); a counter would have to be kept. */
export function sessionId(clientId: string, keys: readonly string[]): string {
  return clientId + createHash('sha256').update(keys.toSorted().join('\n')).digest('hex').slice(0, 16);
}

function sessionOf(first: SessionPart, parts: readonly SessionPart[], { clientId, callBack }: SigningSessionSettings, callBackUrl: string): Omit<NewSession, 'documents'> & { readonly documents: readonly SentDocument[] } {
  const id = sessionId(clientId, parts.map(({ key }) => key));
  const { signers, watchers, seal, acroform } = first;
  return {
    id, signers, watchers, seal, acroform,
    name: parts.length === 1 ? first.title : `${first.title} (+ ${parts.length - 1})`,
    callBackUrl: `${callBackUrl}/${callBackToken(callBack.secret, id)}`,
    documents: namedDocuments(parts),
  };
}

/** Names are made unlike over the whole session, because the partner tells documents apart by them (ibid.). */
function namedDocuments(parts: readonly Pick<SessionPart, 'key' | 'itemUid' | 'documents'>[]): readonly SentDocument[] {
  const nameInSession = uniqueFilenames();
  return parts.flatMap(({ key, itemUid, documents }) => {
    const nameInItem = uniqueFilenames();
    return documents.map((annex, index) => ({
      code: uniqueCode(key, index), uuid: uniqueCode(itemUid, index), filename: nameInSession(annex), ownName: nameInItem(annex), annex,
    }));
  });
}

/** Signers may have changed since the items were gathered, at the beginning of an absence, and so may the settings. */
function requireTogether(load: readonly Submission[], parts: readonly SessionPart[], { session: { maxBytes } }: SigningSessionSettings): void {
  const groups = new Set(parts.map((part, index) => groupOf(part, load[index]?.item.authority ?? '')));
  const bytes = parts.flatMap(({ documents }) => documents).reduce((sum, { size }) => sum + size, 0);
  if (groups.size > 1) throw new NotSent('The signers of some of these items have changed since they were gathered; they are gathered anew.');
  if (bytes > maxBytes) throw new NotSent(`These items have ${bytes} bytes together, and a session now takes ${maxBytes}; they are gathered anew.`);
}

/** The partner has something of it: no failure to find out what may read as «not sent». */
function takenAlready(error: unknown): unknown {
  return isFailure(error) && error.kind !== 'refused' ? new OutcomeUnknown(`The partner has these documents already. ${error.message}`, { cause: error }) : error;
}

/** The session that has all these documents already. Throws where they are not all in one: then each item is looked for by itself. */
async function placeOf(documents: readonly NewDocument[], partner: Partner): Promise<string> {
  const ids = new Set<string | null>();
  for (const { code } of documents) ids.add(await partner.findDocument(code));
  const [id] = ids;
  if (ids.size === 1 && typeof id === 'string') return id;
  if (ids.size === 1) throw new Refused('The partner has another session of this name. Ask the partner what it holds, then retry.');
  throw new OutcomeUnknown('The partner has some of these documents already, in another session.');
}

import type { ConnectorContext, ResultDocument, Results } from '../connector-api/connector.js';
import { Refused } from '../connector-api/failures.js';
import type { ANNEX_ROLES } from '../domain/item.js';
import type { FieldValue } from '../domain/mapping.js';
import type { SignatureReport, Signer } from '../formats/signatures/report.js';
import { checkSignature } from './check-signature.js';
import type { Expectation } from './fields.js';
import type { ReturnedDocument, ReturnedFile, ReturnedFolder } from './returned-folder.js';
import type { SignatureSettings } from './settings.js';

type Policy = Pick<SignatureSettings, 'verification' | 'paper' | 'trustedSigners'>;
type Context = Pick<ConnectorContext, 'blobs' | 'clock' | 'logger'>;

/** How the document stands: `verified`; `not-verified` (and why, in `signatureProblems`); `unchecked` as configured; signed on `paper`;
 * `visa`, where no signature was expected. */
export type SignatureWord = 'verified' | 'not-verified' | 'unchecked' | 'paper' | 'visa';

/** Makes of what a signature book gave back what is put on the item: documents with their roles, and the fields `signature`
 * (SignatureWord), `signedBy`, `signedAt` (the latest), `signatureProblems`, `signatureRemarks`. Throws Refused where the policy requires a
 * signature that holds and there is none: nothing may be put away over there then. */
export async function bringBackSigned(returned: ReturnedFolder, expects: Expectation, policy: Policy, context: Context): Promise<Results> {
  const found = await lookAt(returned, expects, policy, context);
  requireWanted(found, policy);
  return { fields: fieldsOf(found), documents: documentsOf(returned, found.word) };
}

interface Found {
  readonly word: SignatureWord;
  readonly reports: readonly SignatureReport[];
  /** With the name of the document where there are several. */
  readonly problems: readonly string[];
  readonly remarks: readonly string[];
}

async function lookAt({ documents, onPaper }: ReturnedFolder, expects: Expectation, { verification, trustedSigners }: Policy, { blobs, clock, logger }: Context): Promise<Found> {
  const found = { reports: [], problems: [], remarks: [] };
  if (expects === 'visa') return { ...found, word: 'visa' };
  if (onPaper) return { ...found, word: 'paper' };
  if (verification === 'off') return { ...found, word: 'unchecked' };
  if (documents.length === 0) return { ...found, word: 'not-verified', problems: ['no document came back'] };
  const rules = { now: clock.now(), trusted: trustedSigners };
  const checked: { document: ReturnedDocument; report: SignatureReport }[] = [];
  for (const document of documents) checked.push(...(await checkSignature(document, blobs, rules)).map((report) => ({ document, report })));
  const told = (pick: (report: SignatureReport) => readonly string[]) => checked.flatMap(({ document, report }) => pick(report).map((words) => `${document.file.filename}: ${words}`));
  const verified = checked.every(({ report }) => report.verified);
  if (!verified) logger.warn('A document that came back as signed is not verified', { problems: told(({ problems }) => problems) });
  return { word: verified ? 'verified' : 'not-verified', reports: checked.map(({ report }) => report), problems: told(({ problems }) => problems), remarks: told(({ remarks }) => remarks) };
}

function requireWanted({ word, problems }: Found, { verification, paper }: Policy): void {
  if (verification !== 'required') return;
  if (word === 'paper' && paper === 'refuse') {
    throw new Refused('It was signed on paper, so there is no electronic signature to be verified. Where that will do, set «paper: accept» in the settings of the connector and retry; '
      + 'else have it signed again over there, and send it anew.');
  }
  if (word === 'not-verified') {
    throw new Refused(`It came back as signed, but its signature does not hold: ${problems.join('; ')}. Nothing was put away over there. Look at the folder and its signature; where it `
      + 'may be taken as it is, set «verification: report» in the settings of the connector and retry.');
  }
}

function fieldsOf({ word, reports, problems, remarks }: Found): Record<string, FieldValue> {
  const signers = reports.flatMap((report) => report.signers);
  const latest = Math.max(...signers.map(({ signedAt }) => signedAt ?? -Infinity));
  return {
    signature: word,
    ...(signers.length > 0 && { signedBy: signers.map(describeSigner) }),
    ...(Number.isFinite(latest) && { signedAt: new Date(latest).toISOString() }),
    ...(problems.length > 0 && { signatureProblems: problems }),
    ...(remarks.length > 0 && { signatureRemarks: remarks }),
  };
}

/** Subject, authority and validity, on one line. */
function describeSigner({ subject, issuer, serial, notBefore, notAfter, signedAt }: Signer): string {
  const day = (at: number): string => new Date(at).toISOString().slice(0, '2027-03-01'.length);
  const when = signedAt === null ? '' : `, signed ${new Date(signedAt).toISOString()}`;
  return `${subject} (certificate ${serial} of ${issuer}, valid ${day(notBefore)} to ${day(notAfter)}${when})`;
}

function documentsOf({ documents, ...beside }: ReturnedFolder, word: SignatureWord): ResultDocument[] {
  const role = word === 'visa' || word === 'paper' ? 'added-annex' : 'signed-document';
  return [
    // What came back as it was sent is on the item already: its signature stands beside it, or there is none.
    ...documents.filter(({ file, original }) => file.sha256 !== original?.sha256).map(({ file }) => document(file, role)),
    ...documents.flatMap(({ detached }) => detached.map((signature) => document(signature, 'detached-signature'))),
    ...documentsBeside(beside),
  ];
}

/** The circulation slip and what people added: all that comes back of a folder that was refused. */
export function documentsBeside({ slip, added }: Pick<ReturnedFolder, 'slip' | 'added'>): ResultDocument[] {
  return [...(slip === null ? [] : [document(slip, 'circulation-slip')]), ...added.map((file) => document(file, 'added-annex'))];
}

function document({ filename, mediaType, sha256, size }: ReturnedFile, role: (typeof ANNEX_ROLES)[number]): ResultDocument {
  return { title: filename, filename, mediaType, sha256, size, role };
}

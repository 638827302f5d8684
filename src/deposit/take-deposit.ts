import { createHash } from 'node:crypto';
import type { BlobStore } from '../blobs/blob-store.js';
import type { Deposit } from '../domain/deposit.js';
import type { ExtraValue, NewItem } from '../domain/item.js';
import type { PesReport } from '../formats/pes/pes-report.js';
import { refusalsOf } from '../formats/pes/pes-refusals.js';
import { validateWithXmllint } from '../formats/pes/validate-schema.js';
import type { Intake } from '../intake/accept-item.js';
import { itemAtPlace, type GivenItem } from '../intake/item-at-place.js';
import type { TakenBefore } from '../intake/store.js';
import { refused, type DepositOutcome } from './outcome.js';
import { describedPes, pesExtra, pesName } from './pes-facts.js';
import { isFlowName, type StagedFile } from './staged-file.js';
import type { Language } from './words.js';

/** What one deposit needs of Relais, whatever the way in. */
export interface DepositParts {
  readonly authority: string;
  readonly deposit: Deposit;
  readonly language: Language;
  readonly blobs: BlobStore;
  readonly intake: Pick<Intake, 'acceptOnce'>;
  readonly newId: () => string;
  readonly clock: { now(): number };
  /** By the name and the first bytes of a file. */
  readonly mediaTypeOf: (filename: string, head: Buffer) => string;
}

/** What was said beside the files. */
export interface DepositNote {
  readonly title?: string | undefined;
  readonly description?: string | undefined;
  readonly externalIdentifier?: string | undefined;
  readonly extra?: Readonly<Record<string, ExtraValue>> | undefined;
}

export interface DepositOrigin {
  readonly way: 'folder' | 'http';
  /** Id of the account that deposits, where it is not the one in whose name items are created. */
  readonly caller?: string | undefined;
  /** Names the request for ever (HTTP); absent: nothing does. */
  readonly requestKey?: string | undefined;
}

/** Makes one item of files that are staged, or says why not; what is not kept is discarded. The same bytes, and the same name of a PES, are taken
 * once, however often and by whatever way they come: a repeat answers the item that there is. Throws RELAIS_STORE_UNAVAILABLE and
 * RELAIS_BLOB_UNAVAILABLE: then nothing was accepted. */
export async function takeDeposit(files: readonly StagedFile[], note: DepositNote, origin: DepositOrigin, parts: DepositParts): Promise<DepositOutcome> {
  const staged = files.map(({ blob }) => blob);
  try {
    return judge(files, parts.deposit) ?? await take(files, note, origin, parts);
  } finally {
    await parts.blobs.discard(staged);
  }
}

function judge(files: readonly StagedFile[], deposit: Deposit): DepositOutcome | null {
  const flows = deposit.kind === 'pes' ? files.filter(({ filename }) => isFlowName(filename)) : [];
  if (flows.length > 1) return refused('several-flows', { about: flows.map(({ filename }) => filename).join(', ') });
  const refusals = files.flatMap(({ pes }) => (pes === null ? [] : refusalsOf(pes)));
  if (refusals.length > 0) return refused('pes', { findings: refusals });
  const empty = files.find(({ blob }) => blob.size === 0);
  if (empty !== undefined) return refused('empty', { about: empty.filename });
  const large = files.find(({ blob }) => blob.size > deposit.maxBytes);
  return large === undefined ? null : refused('too-large', { about: deposit.maxBytes });
}

async function take(files: readonly StagedFile[], note: DepositNote, origin: DepositOrigin, parts: DepositParts): Promise<DepositOutcome> {
  const { deposit, blobs, intake, clock } = parts;
  await blobs.keep(files.map(({ blob }) => blob));
  const report = await compared(files.find(({ pes }) => pes !== null), parts);
  const refusals = report === null ? [] : refusalsOf(report);
  if (refusals.length > 0) return refused('pes', { findings: refusals });
  const submission = itemAtPlace(givenItem(files, report, note, parts), { authority: parts.authority, place: deposit.place, newId: parts.newId, now: clock.now() });
  const { item } = submission;
  const keys = keysOf(files, report, deposit, origin);
  const content = contentOf(files);
  const outcome = await intake.acceptOnce({ ...submission, caller: origin.caller, journal: [journalEntry(item, files, origin, parts)] }, { keys, content });
  const findings = report?.findings ?? [];
  if ('id' in outcome) return { state: 'received', uid: item.uid, findings };
  return judgeTaken(outcome.taken, content, report) ?? { state: 'already-received', uid: outcome.taken[0]?.uid ?? '', findings };
}

/** What a PES says, with what the schema set says of it where one is configured. */
async function compared(file: StagedFile | undefined, { deposit: { schema }, blobs }: DepositParts): Promise<PesReport | null> {
  if (file === undefined || file.pes === null || schema === null) return file?.pes ?? null;
  const found = await validateWithXmllint(blobs.read(file.blob.sha256), { schema: schema.file, xmllint: schema.program, timeoutMs: schema.timeoutMs });
  const severity = schema.onMismatch === 'refuse' ? 'error' : 'warning';
  return { ...file.pes, findings: [...file.pes.findings, ...found.map((finding) => ({ ...finding, severity } as const))] };
}

/** The same content is a repeat; other content under a name that was taken is a mistake that somebody has to look at. */
function judgeTaken(taken: readonly TakenBefore[], content: string, report: PesReport | null): DepositOutcome | null {
  const other = taken.find((before) => before.content !== content);
  if (other === undefined) return null;
  if (other.key.startsWith('request:')) return refused('request-taken', { uid: other.uid });
  return refused('name-taken', { uid: other.uid, about: report?.nomFic ?? other.key });
}

/** The bytes of a PES are known to the treasury whatever the way by which they come; those of another file mean something in one deposit only. */
function keysOf(files: readonly StagedFile[], report: PesReport | null, deposit: Deposit, { requestKey }: DepositOrigin): string[] {
  const content = contentOf(files);
  const name = report === null ? null : pesName(report);
  return [
    report === null ? `deposit:${deposit.id}/${content}` : content,
    ...(name === null ? [] : [`pes:${name}`]),
    ...(requestKey === undefined ? [] : [requestKey]),
  ];
}

/** Of a PES, its own bytes: what lies beside it may differ. Of several files, all of them in their order. */
function contentOf(files: readonly StagedFile[]): string {
  const only = files.find(({ pes }) => pes !== null) ?? (files.length === 1 ? files[0] : undefined);
  return `sha256:${only?.blob.sha256 ?? createHash('sha256').update(files.map(({ blob }) => blob.sha256).join('\n')).digest('hex')}`;
}

function givenItem(files: readonly StagedFile[], report: PesReport | null, note: DepositNote, { deposit, language, mediaTypeOf }: DepositParts): GivenItem {
  const own = report === null ? { title: files[0]?.filename ?? '' } : describedPes(report, language);
  return {
    kind: deposit.kind,
    ...own,
    ...Object.fromEntries(Object.entries({ title: note.title, description: note.description, externalIdentifier: note.externalIdentifier }).filter(([, said]) => said !== undefined)),
    extra: { ...note.extra, ...(report === null ? {} : pesExtra(report)) },
    files: files.map(({ filename, title, blob, pes }) => ({
      title, filename, sha256: blob.sha256, size: blob.size, mediaType: pes === null ? mediaTypeOf(filename, blob.head) : 'application/xml',
    })),
  };
}

function journalEntry(item: NewItem, files: readonly StagedFile[], { way, caller }: DepositOrigin, { deposit, clock }: DepositParts) {
  const data = { deposit: deposit.id, way, files: files.map(({ filename }) => filename) };
  return { at: clock.now(), actor: caller ?? item.creator, item: item.uid, event: 'item.deposited', data };
}

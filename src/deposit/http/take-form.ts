import { readManifest, type Manifest } from '../manifest.js';
import { refused, type DepositOutcome } from '../outcome.js';
import { indexOfFlow, type StagedFile } from '../staged-file.js';
import { takeDeposit, type DepositOrigin, type DepositParts } from '../take-deposit.js';
import { Problem } from './problem.js';
import type { ReceivedForm } from './receive-multipart.js';

/** Fields of the form that say something of its files. */
export const FORM_FIELDS = {
  /** JSON, as a manifest in a folder: all files are one item. */
  manifest: 'manifest',
  /** `true`: all files are one item. */
  together: 'together',
} as const;

export interface FormOutcomes {
  readonly outcomes: readonly { readonly filename: string; readonly outcome: DepositOutcome }[];
  /** All files are one item: there is one outcome. */
  readonly isOne: boolean;
}

/** Makes items of the files of a form; what is not accepted is discarded. */
export async function takeForm({ files, fields }: ReceivedForm, origin: DepositOrigin, parts: DepositParts): Promise<FormOutcomes> {
  const staged = files.map(({ blob }) => blob);
  try {
    if (files.length === 0) throw new Problem(400, 'request', 'The form holds no file.');
    const manifest = manifestOf(fields, files);
    if (manifest !== null || fields.get(FORM_FIELDS.together) === 'true') {
      return { isOne: true, outcomes: [{ filename: files[0]?.filename ?? '', outcome: await takeTogether(files, manifest, origin, parts) }] };
    }
    const outcomes = [];
    for (const [index, file] of files.entries()) {
      const requestKey = origin.requestKey === undefined || files.length === 1 ? origin.requestKey : `${origin.requestKey}/${index + 1}`;
      outcomes.push({ filename: file.filename, outcome: await takeDeposit([file], {}, { ...origin, requestKey }, parts) });
    }
    return { outcomes, isOne: files.length === 1 };
  } finally {
    // a failure in the middle leaves the rest untaken
    await parts.blobs.discard(staged);
  }
}

function manifestOf(fields: ReceivedForm['fields'], files: readonly StagedFile[]): Manifest | { readonly mistake: string } | null {
  const text = fields.get(FORM_FIELDS.manifest);
  return text === undefined ? null : readManifest(text, files.map(({ filename }) => filename));
}

async function takeTogether(files: readonly StagedFile[], manifest: Manifest | { readonly mistake: string } | null, origin: DepositOrigin, parts: DepositParts): Promise<DepositOutcome> {
  if (manifest === null) return await takeDeposit(withOneFlow(files), {}, origin, parts);
  if ('mistake' in manifest) return refused('manifest', { about: manifest.mistake });
  const byName = new Map(files.map((file) => [file.filename, file]));
  const repeated = files.find((file) => byName.get(file.filename) !== file);
  if (repeated !== undefined) return refused('manifest', { about: `files: ${repeated.filename} came twice` });
  const missing = manifest.files.filter(({ name }) => !byName.has(name)).map(({ name }) => name);
  if (missing.length > 0) return refused('incomplete', { about: missing.join(', ') });
  const unnamed = files.find(({ filename }) => !manifest.files.some(({ name }) => name === filename));
  if (unnamed !== undefined) return refused('manifest', { about: `files: ${unnamed.filename} came and is not named` });
  const damaged = manifest.files.find(({ name, sha256 }) => sha256 !== undefined && sha256 !== byName.get(name)?.blob.sha256);
  if (damaged !== undefined) return refused('damaged', { about: damaged.name });
  const ordered = manifest.files.flatMap(({ name, title = '' }) => [byName.get(name)].flatMap((file) => (file === undefined ? [] : [{ ...file, title }])));
  return await takeDeposit(withOneFlow(ordered), manifest, origin, parts);
}

function withOneFlow(files: readonly StagedFile[]): StagedFile[] {
  const flow = files[indexOfFlow(files.map(({ filename }) => filename))];
  return files.map((file) => (file === flow ? file : { ...file, pes: null }));
}

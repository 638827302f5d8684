import { createWriteStream } from 'node:fs';
import { link, lstat, mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { annexContent } from '../../src/connector-api/annex-content.js';
import type { ConnectorContext, Probe, Receipt, Submission } from '../../src/connector-api/connector.js';
import { OutcomeUnknown, Refused } from '../../src/connector-api/failures.js';
import { markedFilename } from '../../src/domain/safe-filename.js';
import type { FolderSettings } from './config.js';
import { codeOf, fileFailure } from './file-failure.js';
import { filesPlace, plannedFiles, type FilesPlace, type PlannedFile } from './files-place.js';
import { syncFolder } from './write-item.js';

/** What says that files were given is kept for so long. */
const SENT_KEPT_MS = 90 * 86_400_000;
/** Names that are tried before one that nobody has. */
const TRIED = 1000;
/** What a file system answers that knows no second name for a file. */
const NO_LINKS = ['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK', 'EACCES'];

/** Writes the files of the item under their own names into the folder. All are written as drafts first; each appears whole, under a name that nothing else has. A
 * submission that was interrupted goes on with the drafts that are left, so that no file is given twice. */
export async function submitFiles(submission: Submission, settings: FolderSettings, context: ConnectorContext, requireRoot: () => Promise<void>): Promise<Receipt> {
  const planned = plannedFiles(submission, settings);
  const [first] = planned;
  if (first === undefined) throw new Refused(`The item has no file${settings.roles.length === 0 ? '' : ` of the roles ${settings.roles.join(', ')}`}, and nothing was rejected: there is nothing to give.`);
  const place = filesPlace(submission, settings);
  const receipt: Receipt = { reference: first.name, state: 'done' };
  try {
    await requireRoot();
    if (await exists(place.sent)) return receipt;
    if (!await exists(path.join(place.drafts, PLAN))) await writeDrafts(place, planned, context);
  } catch (error) {
    if (context.signal.aborted) throw error;
    throw fileFailure(error, place.root);
  }
  await context.markSent();
  try {
    await publish(place, submission, context.clock.now());
  } catch (error) {
    throw new OutcomeUnknown(`The file «${first.name}» could not be put in its place: ${codeOf(error)}.`, { cause: error });
  }
  return receipt;
}

/** Absent while drafts stand: sending again goes on with them. Without them and without the note that all were given, only who looked into the folder knows. */
export async function probeFiles(submission: Submission, settings: FolderSettings): Promise<Probe> {
  const place = filesPlace(submission, settings);
  try {
    await stat(place.root);
    if (await exists(place.sent)) return { found: { reference: plannedFiles(submission, settings)[0]?.name ?? submission.key, state: 'done' } };
    return await exists(place.drafts) ? 'absent' : 'unknown';
  } catch (error) {
    throw fileFailure(error, place.root);
  }
}

/** The names that the drafts will get, in their order; it stands once all of them are on the disk. */
const PLAN = 'plan.json';

async function writeDrafts({ drafts }: FilesPlace, planned: readonly PlannedFile[], context: ConnectorContext): Promise<void> {
  await rm(drafts, { recursive: true, force: true });
  await mkdir(drafts, { recursive: true });
  for (const [index, { content }] of planned.entries()) {
    const draft = path.join(drafts, String(index));
    if (typeof content === 'string') await writeFile(draft, content, { flag: 'wx', flush: true });
    else await pipeline(annexContent(content, context), createWriteStream(draft, { flags: 'wx', flush: true }), { signal: context.signal });
  }
  await syncFolder(drafts);
  await writeFile(path.join(drafts, `${PLAN}.part`), JSON.stringify(planned.map(({ name }) => name)), { flush: true });
  await rename(path.join(drafts, `${PLAN}.part`), path.join(drafts, PLAN));
  await syncFolder(drafts);
  await syncFolder(path.dirname(drafts));
}

async function publish({ root, drafts, sent }: FilesPlace, { item: { uid, title }, fields }: Submission, now: number): Promise<void> {
  const names: string[] = [];
  const planned = JSON.parse(await readFile(path.join(drafts, PLAN), 'utf8')) as string[];
  for (const [index, name] of planned.entries()) {
    const draft = path.join(drafts, String(index));
    // one that is not there was given before
    names.push(await exists(draft) ? await moveTo(draft, root, name) : name);
  }
  await syncFolder(root);
  await mkdir(path.dirname(sent), { recursive: true });
  await writeFile(sent, `${JSON.stringify({ item: uid, title, fields, files: names, writtenAt: new Date(now).toISOString() })}\n`, { flush: true });
  await syncFolder(path.dirname(sent));
  await rm(drafts, { recursive: true, force: true });
  await forgetOld(sent);
}

/** Gives a draft its place, under its name or one like it that nothing has. Returns the name. */
async function moveTo(draft: string, root: string, name: string): Promise<string> {
  for (let number = 1; number <= TRIED; number += 1) {
    const tried = number === 1 ? name : markedFilename(name, `-${number}`);
    if (await takeName(draft, path.join(root, tried))) return tried;
  }
  throw new Refused(`The folder holds ${TRIED} files like «${name}». Take some away, then retry.`);
}

/** False where something else has the name. */
async function takeName(draft: string, target: string): Promise<boolean> {
  try {
    await link(draft, target);
  } catch (error) {
    if (codeOf(error) === 'EEXIST') {
      // the draft itself, where a crash came between its two names
      if (!await isSameFile(draft, target)) return false;
    } else if (NO_LINKS.includes(codeOf(error))) {
      if (await exists(target)) return false;
      await rename(draft, target);
      return true;
    } else {
      throw error;
    }
  }
  await rm(draft);
  return true;
}

async function isSameFile(one: string, other: string): Promise<boolean> {
  const [a, b] = await Promise.all([lstat(one), lstat(other)]);
  return a.ino === b.ino && a.dev === b.dev;
}

/** By the clock of the file system, which may be another machine. */
async function forgetOld(newest: string): Promise<void> {
  const folder = path.dirname(newest);
  const { mtimeMs: now } = await stat(newest);
  for (const name of await readdir(folder)) {
    const file = path.join(folder, name);
    if (now - (await stat(file)).mtimeMs > SENT_KEPT_MS) await rm(file, { force: true });
  }
}

async function exists(file: string): Promise<boolean> {
  try {
    await lstat(file);
    return true;
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return false;
    throw error;
  }
}

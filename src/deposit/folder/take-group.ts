import path from 'node:path';
import type { DepositFolder } from '../../domain/deposit.js';
import { markedFilename } from '../../domain/safe-filename.js';
import { codeOf, printOf, type Disk, type FilePrint } from './disk.js';
import type { FileGroup } from './group-files.js';
import { refused, type DepositOutcome, type Refusal } from '../outcome.js';
import { freeName, putAway } from './put-away.js';
import { FileChanged, readFile } from './read-file.js';
import { indexOfFlow, stageFile, type StagedFile } from '../staged-file.js';
import { takeDeposit, type DepositParts } from '../take-deposit.js';
import { refusalText, repeatText } from '../words.js';

/** Ending of the file that says why. */
const REASON = '.reason.txt';

export interface GroupParts extends DepositParts {
  readonly disk: Disk;
  readonly folder: DepositFolder;
  /** Lets one task after the other run. */
  readonly oneAtATime: (task: () => Promise<void>) => Promise<void>;
  /** Told that an item was made, before its files are put away, which may fail. */
  readonly onReceived: () => void;
  /** Told while a file is read, bytes. */
  readonly onProgress: (name: string, read: number, size: number) => void;
}

interface Read {
  readonly name: string;
  readonly print: FilePrint;
}

/** What came of a group: its outcome, or that its files are not as they were found (`changed`): they are looked at again later. */
export type GroupOutcome = DepositOutcome | { readonly state: 'changed' };

/** Takes the files of a group and puts them away. What was accepted stays in the folder when it cannot be moved: the next look finds that it was received, and moves it.
 * Throws RELAIS_STORE_UNAVAILABLE, RELAIS_BLOB_UNAVAILABLE, and the system's error where the folder cannot be used. */
export async function takeGroup(group: FileGroup, parts: GroupParts): Promise<GroupOutcome> {
  const there = await look(group.files.map(({ name }) => name), parts);
  if (there.length < group.files.length) return { state: 'changed' };
  const outcome = await takeFiles(group, there, parts);
  if (outcome.state === 'received') parts.onReceived();
  if (outcome.state !== 'changed') await settle(group.name, there, [...others(group)], outcome, parts);
  return outcome;
}

/** Puts files away that are refused without a look at what they hold. */
export async function refuseFiles(name: string, files: readonly string[], refusal: Refusal, parts: GroupParts): Promise<void> {
  await settle(name, [], files, { state: 'refused', refusal }, parts);
}

/** Those of the files that are there. */
async function look(names: readonly string[], { disk, folder }: GroupParts): Promise<Read[]> {
  const found = await Promise.all(names.map(async (name) => ({ name, print: await printOf(disk, path.join(folder.path, name)) })));
  return found.flatMap(({ name, print }) => (print === undefined ? [] : [{ name, print }]));
}

function others({ manifest, beside }: FileGroup): string[] {
  return [...(manifest === null ? [] : [manifest.name]), ...beside];
}

async function takeFiles(group: FileGroup, reads: readonly Read[], parts: GroupParts): Promise<GroupOutcome> {
  const tooLarge = reads.some(({ print }) => print.size > parts.deposit.maxBytes);
  if (tooLarge) return refused('too-large', { about: parts.deposit.maxBytes });
  const staged: StagedFile[] = [];
  try {
    for (const read of reads) staged.push(await stage(read, group, parts));
  } catch (error) {
    await parts.blobs.discard(staged.map(({ blob }) => blob));
    if (error instanceof FileChanged || codeOf(error) === 'ENOENT' || codeOf(error) === 'ELOOP') return { state: 'changed' };
    throw error;
  }
  const damaged = group.files.find(({ sha256 }, index) => sha256 !== undefined && sha256 !== staged[index]?.blob.sha256);
  if (damaged !== undefined) {
    await parts.blobs.discard(staged.map(({ blob }) => blob));
    return refused('damaged', { about: damaged.name });
  }
  return await takeDeposit(staged, group.manifest?.said ?? {}, { way: 'folder' }, parts);
}

function stage({ name, print }: Read, group: FileGroup, parts: GroupParts): Promise<StagedFile> {
  const { disk, folder, deposit, blobs, onProgress } = parts;
  const content = readFile(disk, path.join(folder.path, name), print, (read) => { onProgress(name, read, print.size); });
  return stageFile(content, { blobs, filename: name, title: group.files.find((file) => file.name === name)?.title, asPes: deposit.kind === 'pes' && name === group.files[indexOfFlow(group.files.map((file) => file.name))]?.name });
}

/** One after the other: two must not choose the same name. */
function settle(name: string, reads: readonly Read[], beside: readonly string[], outcome: DepositOutcome, parts: GroupParts): Promise<void> {
  return parts.oneAtATime(async () => {
    const { disk, folder, clock } = parts;
    const target = outcome.state === 'refused' ? folder.errors : path.join(folder.processed, new Date(clock.now()).toISOString().slice(0, 10));
    await disk.mkdir(target, { recursive: true });
    const [first, ...rest] = [...reads, ...await look(beside, parts)];
    if (first === undefined) return;
    await settleFirst(name, first, target, outcome, parts);
    for (const read of rest) await putAway(disk, path.join(folder.path, read.name), path.join(target, await freeName(disk, target, read.name)), read.print);
  });
}

/** With the text that says why. Of a refusal it comes first: whoever finds the file finds the reason. */
async function settleFirst(called: string, first: Read, target: string, outcome: DepositOutcome, { disk, folder, language }: GroupParts): Promise<void> {
  const from = path.join(folder.path, first.name);
  const name = await freeName(disk, target, first.name, outcome.state === 'received' ? '' : REASON);
  const [free, reason] = [path.join(target, name), path.join(target, markedFilename(name, '', REASON))];
  if (outcome.state === 'refused') await disk.writeFile(reason, refusalText(called, outcome.refusal, language), { flag: 'wx' });
  let isMoved = false;
  try {
    isMoved = await putAway(disk, from, free, first.print);
  } finally {
    if (outcome.state === 'refused' && !isMoved) await disk.rm(reason, { force: true });
  }
  if (outcome.state === 'already-received' && isMoved) await disk.writeFile(reason, repeatText(called, outcome.uid, language), { flag: 'wx' });
}

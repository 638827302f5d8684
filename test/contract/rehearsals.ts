import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import type { OtherSide, Rehearsal } from './rehearsal.js';

/** How each connector of the registry is rehearsed. */
export const rehearsals: ReadonlyMap<string, Rehearsal> = new Map<string, Rehearsal>([
  ['folder', {
    operation: 'deposit',
    skips: { refuse: 'a folder has no opinion about what it is given', secrets: 'its only setting is a path' },
    open: openFolder,
  }],
]);

async function openFolder(): Promise<OtherSide> {
  const root = await mkdtemp(path.join(os.tmpdir(), 'relais-folder-'));
  return {
    settings: { path: root },
    brokenSettings: { path: path.join(root, 'not-mounted') },
    secrets: [],
    async delivered() {
      const names = await readdir(root, { recursive: true });
      return Promise.all(names.filter((name) => path.basename(name) === 'item.json' && !name.startsWith('.')).map((name) => deliveredIn(path.dirname(path.join(root, name)))));
    },
    refuse: () => Promise.reject(new Error('a folder cannot refuse')),
    takeDown: () => rm(root, { recursive: true }),
    close: () => rm(root, { recursive: true, force: true }),
  };
}

async function deliveredIn(folder: string): Promise<{ itemUid: string; files: string[] }> {
  const { uid } = JSON.parse(await readFile(path.join(folder, 'item.json'), 'utf8')) as { uid: string };
  const { files } = JSON.parse(await readFile(path.join(folder, 'manifest.json'), 'utf8')) as { files: { path: string }[] };
  const annexes = files.filter(({ path: name }) => name.startsWith('annexes/'));
  return { itemUid: uid, files: await Promise.all(annexes.map(({ path: name }) => hashOf(path.join(folder, name)))) };
}

async function hashOf(file: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(file)) hash.update(chunk as Buffer);
  return hash.digest('hex');
}

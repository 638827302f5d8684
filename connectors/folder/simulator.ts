import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import type { Arrival, OtherSide } from '../../src/connector-kit/rehearsal.js';
import type { FieldValue } from '../../src/domain/mapping.js';
import { ITEM, MANIFEST } from '../../src/formats/item-files.js';
import type { FolderSettings } from './config.js';

/** A temporary folder, with nothing in it yet; removed at the end. */
export async function openSimulator(layout: FolderSettings['layout']): Promise<OtherSide> {
  const root = await mkdtemp(path.join(os.tmpdir(), 'relais-folder-'));
  return {
    settings: { path: root, layout },
    brokenSettings: { path: path.join(root, 'not-mounted'), layout },
    secrets: [],
    async delivered() {
      if (layout === 'files') return await filesGiven(root);
      const names = await readdir(root, { recursive: true });
      const items = names.filter((name) => path.basename(name) === ITEM && !name.startsWith('.'));
      return await Promise.all(items.map((name) => arrivalIn(path.dirname(path.join(root, name)))));
    },
    async behave(how) {
      if (how === 'well') await mkdir(root, { recursive: true });
      else if (how === 'down') await rm(root, { recursive: true });
      else throw new Error(`a folder never «${how}»`);
    },
    close: () => rm(root, { recursive: true, force: true }),
  };
}

async function arrivalIn(folder: string): Promise<Arrival> {
  const { uid, title, fields = {} } = JSON.parse(await readFile(path.join(folder, ITEM), 'utf8')) as { uid: string; title: string; fields?: Record<string, FieldValue> };
  const { files } = JSON.parse(await readFile(path.join(folder, MANIFEST), 'utf8')) as { files: { path: string }[] };
  const annexes = files.filter(({ path: name }) => name !== ITEM);
  return { itemUid: uid, title, fields, files: await Promise.all(annexes.map(({ path: name }) => hashOf(path.join(folder, name)))) };
}

/** What the notes of the connector say that was given. */
async function filesGiven(root: string): Promise<Arrival[]> {
  const notes = await readdir(path.join(root, '.sent')).catch(() => []);
  return await Promise.all(notes.map(async (note) => {
    const { item, title, fields, files } = JSON.parse(await readFile(path.join(root, '.sent', note), 'utf8')) as { item: string; title: string; fields: Record<string, FieldValue>; files: string[] };
    return { itemUid: item, title, fields, files: await Promise.all(files.map((name) => hashOf(path.join(root, name)))) };
  }));
}

async function hashOf(file: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(file)) hash.update(chunk as Buffer);
  return hash.digest('hex');
}

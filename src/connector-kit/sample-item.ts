import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import type { Annex, Item } from '../domain/item.js';

/** 2027-03-01 09:00 UTC: the instant of a rehearsal. */
export const REHEARSAL_TIME = Date.UTC(2027, 2, 1, 9);

/** An annex and where its bytes come from. */
export interface SampleAnnex {
  readonly annex: Annex;
  content(): Readable;
}

/** A complete item of a town that does not exist; `number` makes it unlike the others. */
export function sampleItem(number: number, change: Partial<Item> = {}): Item {
  return {
    uid: number.toString(16).padStart(32, '0'), authority: 'default', kind: 'deliberation', source: 'ged', configId: 'college',
    id: `point-${number}`, creator: 'jdupont', createdAt: REHEARSAL_TIME, modifiedAt: REHEARSAL_TIME, reviewState: 'validated',
    proposingOrganisation: 'd'.repeat(32), title: `Point ${number}`, category: 'travaux', description: '<p>Description</p>',
    detailedDescription: '', motivation: '<p>Motivation</p>', decision: '<p>Décision</p>', preferredMeeting: null, meeting: null,
    externalIdentifier: `GED-${number}`, toDiscuss: true, associatedOrganisations: [], organisationsInCharge: [],
    optionalAdvisers: [], extra: {}, annexes: [], ...change,
  };
}

/** The uid of the sample item with an external identifier; undefined for any other identifier. */
export function sampleUid(externalIdentifier: string): string | undefined {
  const [, number] = /^GED-(\d+)$/.exec(externalIdentifier) ?? [];
  return number === undefined ? undefined : sampleItem(Number(number)).uid;
}

/** A file of an item. `id` is made of the filename, as the gateway does. */
export function sampleAnnex(filename: string, bytes: Buffer): SampleAnnex {
  return annexOf(filename, createHash('sha256').update(bytes).digest('hex'), bytes.length, () => Readable.from([bytes]));
}

/** A file of one repeated chunk, so that its producer takes no memory. `onChunk` is called as each is read. */
export function largeAnnex(filename: string, size: number, onChunk: () => void): SampleAnnex {
  const chunk = Buffer.alloc(64 * 1024, 'relais');
  const hash = createHash('sha256');
  for (let done = 0; done < size; done += chunk.length) hash.update(chunk.subarray(0, size - done));
  return annexOf(filename, hash.digest('hex'), size, () => {
    let left = size;
    return new Readable({ read() {
      onChunk();
      this.push(left > 0 ? chunk.subarray(0, left) : null);
      left -= chunk.length;
    } });
  });
}

/** An annex as the gateway describes it; the bytes are those of `content`, whatever the hash says. */
export function annexOf(filename: string, sha256: string, size: number, content: () => Readable): SampleAnnex {
  const id = filename.normalize('NFD').replace(/[\u0300-\u036F]/g, '').toLowerCase().replace(/[^a-z0-9.]+/g, '-').replace(/^[.-]+/, '').slice(-120);
  return {
    annex: {
      uid: createHash('md5').update(filename).digest('hex'), id, title: `Annexe ${filename}`, typeId: 'annexe', relatedTo: 'item',
      filename, mediaType: 'application/pdf', size, sha256, confidential: false,
    },
    content,
  };
}

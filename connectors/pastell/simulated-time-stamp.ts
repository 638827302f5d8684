import { createHash } from 'node:crypto';
import { timeStamp } from '../../src/signature-desk/lengthen-pdf.js';
import { makeTestSigner, type TestSigner } from '../../src/signature-desk/test-certificate.js';
import type { JournalEvent } from './simulated-ledger.js';
import type { PastellWorld } from './simulated-world.js';

/** PKIStatusInfo that says granted (RFC 3161 §2.4.2), in DER. */
const GRANTED = Buffer.from('3003020100', 'hex');

const authorities = new WeakMap<PastellWorld, Promise<TestSigner>>();
const replies = new WeakMap<JournalEvent, Buffer>();

/** A reply of a time-stamp authority (RFC 3161) over the SHA-256 of an event's text, the same whenever it is asked for while the simulator
 * runs. Nobody trusts the authority. */
export async function stampReply(event: JournalEvent, text: string, world: PastellWorld): Promise<Buffer> {
  const known = replies.get(event);
  if (known !== undefined) return known;
  const authority = authorities.get(world) ?? makeTestSigner({ name: 'Horodatage de démonstration', stampsTime: true });
  authorities.set(world, authority);
  const token = timeStamp(createHash('sha256').update(text).digest(), await authority, event.at);
  const reply = sequence(Buffer.concat([GRANTED, token]));
  replies.set(event, reply);
  return reply;
}

/** A SEQUENCE in DER around members that are written already; they are longer than 255 bytes and shorter than 64 KiB. */
function sequence(members: Buffer): Buffer {
  const head = Buffer.from([0x30, 0x82, 0, 0]);
  head.writeUInt16BE(members.length, 2);
  return Buffer.concat([head, members]);
}

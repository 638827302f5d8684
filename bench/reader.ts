import { randomBytes } from 'node:crypto';
import type { BlobStore } from '../src/blobs/blob-store.js';
import { createMessageReader } from '../src/soap/message-reader.js';
import { loadServiceModel } from '../src/soap/service-model.js';

/** What reading alone costs: `node --import tsx bench/reader.ts`. Decoded bytes are dropped. */
const nowhere: BlobStore = {
  create: () => {
    let size = 0;
    return {
      write(chunk) { size += chunk.length; return undefined; },
      finish: () => Promise.resolve({ sha256: '', size, head: Buffer.alloc(0) }),
      abort: () => Promise.resolve(),
    };
  },
  keep: () => Promise.resolve(),
  discard: () => Promise.resolve(),
  read: () => { throw new Error('nothing is stored'); },
};
const limits = { requestBytes: 1 << 30, textBytes: 1 << 20, depth: 64, elements: 50_000, attributes: 50_000, idleMs: 30_000 };
const model = await loadServiceModel('wsdl/ws4pm.wsdl');

function envelope(file: string): Buffer {
  return Buffer.from('<?xml version="1.0" encoding="UTF-8"?><SOAP-ENV:Envelope xmlns:SOAP-ENV="http://schemas.xmlsoap.org/soap/envelope/" '
    + 'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:ns0="http://ws4pm.imio.be" xmlns:ns1="http://schemas.xmlsoap.org/soap/envelope/"><SOAP-ENV:Header/>'
    + '<ns1:Body><ns0:createItemRequest><meetingConfigId>meeting-config-college</meetingConfigId><proposingGroupId>urbanisme</proposingGroupId>'
    + `<creationData><title>Réfection de la voirie</title><category></category><description>${'&lt;p&gt;Une description assez courte&lt;/p&gt; '.repeat(6)}</description>`
    + `<externalIdentifier>EXT1</externalIdentifier>${file}</creationData><cleanHtml>1</cleanHtml><inTheNameOf>jdoe</inTheNameOf>`
    + '</ns0:createItemRequest></ns1:Body></SOAP-ENV:Envelope>');
}

async function read(message: Buffer): Promise<void> {
  const reader = createMessageReader({ model, limits, blobs: nowhere }, 'text/xml; charset=utf-8');
  for (let at = 0; at < message.length; at += 65_536) await reader.push(message.subarray(at, at + 65_536));
  await reader.end();
  await reader.discard();
}

async function secondsOf(message: Buffer, times: number): Promise<number> {
  for (let count = 0; count < Math.max(2, times / 5); count++) await read(message);
  const start = performance.now();
  for (let count = 0; count < times; count++) await read(message);
  return (performance.now() - start) / 1000 / times;
}

const small = envelope('');
console.log(`${small.length} bytes: ${((await secondsOf(small, 20_000)) * 1e6).toFixed(1)} µs`);
const bytes = randomBytes(10 * 1024 * 1024);
const oneLine = bytes.toString('base64');
for (const [name, text] of [['one line', oneLine], ['lines of 76', oneLine.replace(/.{76}/g, '$&\r\n')]] as const) {
  const message = envelope(`<annexes><title>a</title><file>${text}</file></annexes>`);
  console.log(`10 MiB annex, base64 in ${name}: ${(message.length / 1e6 / await secondsOf(message, 20)).toFixed(0)} MB/s of message`);
}

// One large annex in and out: throughput, bytes compared by hash, and peak resident memory.
//   node bench/large.mjs [--mib 500]
import crypto from 'node:crypto';
import { Readable } from 'node:stream';
import { envelope, post, startGateway } from './gateway.mjs';

const at = process.argv.indexOf('--mib');
const mib = Number(at < 0 ? 500 : process.argv[at + 1]);
const block = crypto.randomBytes(3 * 1024 * 256); // a multiple of 3, so that the base64 of the blocks joins up
const blocks = Math.ceil(mib * 1024 * 1024 / block.length);
const encoded = block.toString('base64');
const sent = crypto.createHash('sha256');

function* body() {
  const [head, tail] = envelope('createItem', '<meetingConfigId>bench</meetingConfigId><proposingGroupId>bench</proposingGroupId>'
    + '<creationData><title>Large</title><annexes><title>large</title><filename>large.pdf</filename><file>@@</file></annexes></creationData>').split('@@');
  const signature = Buffer.from('%PDF-1.4\n');
  sent.update(signature);
  yield head + signature.toString('base64');
  for (let i = 0; i < blocks; i++) { sent.update(block); yield encoded; }
  yield tail;
}

/** Hashes the content of the `file` element of a reply while it streams by. */
function fileHasher() {
  const hash = crypto.createHash('sha256');
  let pending = '', inside = false, done = false;
  return {
    hash,
    take(chunk) {
      if (done) return;
      pending += chunk.toString('latin1');
      if (!inside) { const open = pending.indexOf('<file>'); if (open < 0) return; inside = true; pending = pending.slice(open + 6); }
      const close = pending.indexOf('<');
      const usable = close >= 0 ? close : pending.length - pending.length % 4;
      hash.update(Buffer.from(pending.slice(0, usable), 'base64'));
      pending = pending.slice(usable);
      done = close >= 0;
    },
  };
}

const gateway = await startGateway();
try {
  const size = blocks * block.length / 1024 / 1024;
  let began = performance.now();
  const uid = /<UID>([^<]+)/.exec(await post(gateway.url, Readable.from(body())))[1];
  console.log(`in   ${size} MiB  ${(size / (performance.now() - began) * 1000).toFixed(0)} MiB/s  peak ${gateway.memoryMiB('VmHWM')} MiB`);
  began = performance.now();
  const received = fileHasher();
  await post(gateway.url, envelope('getItemInfos', `<UID>${uid}</UID><showAnnexes>1</showAnnexes>`), (chunk) => received.take(chunk));
  const same = received.hash.digest('hex') === sent.digest('hex');
  console.log(`out  ${size} MiB  ${(size / (performance.now() - began) * 1000).toFixed(0)} MiB/s  peak ${gateway.memoryMiB('VmHWM')} MiB  ${same ? 'identical' : 'DIFFERENT'}`);
  if (!same) process.exitCode = 1;
} finally {
  await gateway.stop();
}

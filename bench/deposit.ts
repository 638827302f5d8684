import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { openBlobStore } from '../src/blobs/file-blob-store.js';
import { watchFolder } from '../src/deposit/folder/watch-folder.js';
import { systemTimer } from '../src/delivery/timer.js';
import { createTurnstile } from '../src/identity/turnstile.js';
import { createIntake } from '../src/intake/accept-item.js';
import { openStore } from '../src/persistence/open-store.js';
import { systemClock } from '../src/platform/clock.js';
import { createNewId } from '../src/platform/new-id.js';
import { PLACE, sampleDeposit, sampleFolder } from '../test/support/deposit-rig.js';
import { pesFile } from '../test/support/pes-file.js';
import { recordingLogger } from '../test/support/recording-logger.js';
import { sampleAuthority } from '../test/support/sample-authority.js';

/** Small PES files that are dropped at once into a watched folder, until each is an item on the disk and put away:
 *     npm run bench:deposit -- [--files 5000] [--quiet 1000]
 * The time counts from the drop of the last file; the quiet time, in which nothing may happen, is shown and taken off for the rate.
 * Ends with 1 where the rate is below 100 files/s. */
const option = (name: string, fallback: string): number => Number(process.argv[process.argv.indexOf(`--${name}`) + 1 || Infinity] ?? fallback);
const FILES = option('files', '5000');
const QUIET_MS = option('quiet', '1000');
const LEAST = 100;

const folder = await fs.mkdtemp(path.join(os.tmpdir(), 'relais-bench-deposit-'));
const inbox = path.join(folder, 'in');
await fs.mkdir(inbox);
const logger = recordingLogger();
const newId = createNewId();
const store = await openStore({ engine: { kind: 'sqlite', folder }, clock: systemClock, logger });
const blobs = await openBlobStore(path.join(folder, 'blobs'));
const intake = createIntake({ store: store.intake, routes: sampleAuthority(), clock: systemClock, newId, onAccepted: () => undefined });

let bytes = 0;
for (let file = 0; file < FILES; file += 1) {
  const content = pesFile({ nomFic: `BENCH_${file}`, slips: 1, piecesPerSlip: 3 });
  bytes += content.length;
  await fs.writeFile(path.join(inbox, `flux-${file}.xml`), content);
}

const start = performance.now();
const counts = { received: 0, 'already-received': 0, refused: 0 };
let highest = 0;
const watching = setInterval(() => { highest = Math.max(highest, process.memoryUsage.rss()); }, 20);
await new Promise<void>((resolve) => {
  const watch = watchFolder({
    authority: 'default', deposit: sampleDeposit({ place: PLACE }), language: 'fr', blobs, intake, newId, clock: systemClock, mediaTypeOf: () => 'application/xml',
    folder: sampleFolder(inbox, { quietMs: QUIET_MS, everyMs: 100 }), disk: fs, logger, turnstile: createTurnstile(16),
    time: { now: () => performance.now(), after: (ms, action) => systemTimer.after(ms, action) },
    onTaken(outcome) {
      counts[outcome] += 1;
      if (counts.received + counts['already-received'] + counts.refused === FILES) void watch.stop().then(resolve);
    },
    onLook: () => undefined,
  });
});
clearInterval(watching);
const took = performance.now() - start - QUIET_MS;
const left = (await fs.readdir(inbox)).filter((name) => name.endsWith('.xml')).length;
const rate = FILES / took * 1000;
process.stdout.write(`${FILES} files, ${(bytes / FILES / 1000).toFixed(1)} kB each: ${JSON.stringify(counts)}, ${left} left in the folder\n`);
process.stdout.write(`${(took / 1000).toFixed(1)} s after ${QUIET_MS} ms of quiet: ${rate.toFixed(0)} files/s, resident at most ${Math.round(highest / 2 ** 20)} MiB\n`);
await store.close();
await fs.rm(folder, { recursive: true, force: true });
process.exitCode = rate >= LEAST && counts.received === FILES && left === 0 ? 0 : 1;

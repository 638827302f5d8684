// Loaded once by mocha's configuration: tests that start processes then start the build, three times as fast as the sources. A single
// file that is run without that configuration starts the sources.
import { spawnSync } from 'node:child_process';
import path from 'node:path';

const { status, stdout, stderr } = spawnSync(process.execPath, [path.resolve(import.meta.dirname, '../../scripts/build-if-stale.mjs')], { encoding: 'utf8' });
if (status !== 0) throw new Error(`the build failed: ${stdout}${stderr}`);
process.env.RELAIS_TEST_BUILD = 'dist';

// Starts the built gateway for a benchmark: an empty temporary store, the configuration of bench/config, and the port
// in PORT. Authentication, validation, durable storage and routing are on. Ends on SIGTERM and removes its data.
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';

// Whatever RELAIS_DATA says: what is in it may be dear to somebody.
const data = fs.mkdtempSync(path.join(os.tmpdir(), 'relais-bench-'));
process.env.RELAIS_DATA = data;
process.env.RELAIS_CONFIG ??= path.resolve(import.meta.dirname, 'config/relais.yaml');
process.on('exit', () => fs.rmSync(data, { recursive: true, force: true }));
await import('../dist/src/main.js');

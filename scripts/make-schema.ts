import fs from 'node:fs';
import { schemaFiles } from './schema-files.js';

// Writes the JSON Schemas by which editors complete and check the YAML. Run it after a key or a connector changed.
for (const [file, text] of schemaFiles()) fs.writeFileSync(file, text);

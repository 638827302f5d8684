import fs from 'node:fs';
import path from 'node:path';
import { parseDocument } from 'yaml';
import { hashPassword } from '../../src/identity/hash-password.js';
import { demoTown } from '../support/demo-town.js';

/** In UTF-8 and in Latin-1, `edith:` and this have both `+` and `/` in their base64. */
export const EDITH = { account: 'edith', password: 'ÿþ?é>>~' };

/** Copies the demo configuration into a folder and adds an account whose password shows how a stack writes it. Returns
 * the file to start the gateway with. */
export async function demoWithEdith(folder: string): Promise<string> {
  const file = demoTown(path.join(folder, 'config'));
  const document = parseDocument(fs.readFileSync(file, 'utf8'));
  document.addIn(['authority', 'users'], {
    id: EDITH.account, fullname: 'Édith Œillet', email: 'edith@ville.example', password: await hashPassword(EDITH.password),
  });
  fs.writeFileSync(file, document.toString());
  return file;
}

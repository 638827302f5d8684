import path from 'node:path';
import type { Deposit, DepositFolder, DepositSchema } from '../domain/deposit.js';
import { buildMail } from './build-mail.js';
import { buildPlace, type PlaceSurroundings } from './build-place.js';
import type { DepositEntry } from './deposit-schema.js';

/** Turns a checked entry into the deposit. `fileAt`: the absolute path of a file that the entry names. */
export function buildDeposit({ id, kind, place, folder, http, mail, maxBytes, schema }: DepositEntry, around: PlaceSurroundings & { readonly fileAt: (name: string) => string }): Deposit {
  return {
    id, kind, http, maxBytes, place: buildPlace(place, around), folder: folder === undefined ? null : buildFolder(folder),
    schema: schema === undefined ? null : buildSchema(schema, around.fileAt),
    ...(mail !== undefined && { mail: buildMail(mail, place, around) }),
  };
}

function buildSchema({ file, program, timeout, onMismatch }: NonNullable<DepositEntry['schema']>, fileAt: (name: string) => string): DepositSchema {
  return { file: fileAt(file), program, timeoutMs: timeout, onMismatch };
}

function buildFolder({ path: folder, create, quiet, every, marker, processed, errors, keepProcessed }: NonNullable<DepositEntry['folder']>): DepositFolder {
  const root = path.resolve(folder);
  return {
    path: root, create, quietMs: quiet, everyMs: every, marker: marker ?? null,
    processed: path.resolve(root, processed), errors: path.resolve(root, errors), keepProcessedDays: keepProcessed ?? null,
  };
}

import path from 'node:path';
import type { Deposit, DepositFolder } from '../domain/deposit.js';
import { buildPlace, type PlaceSurroundings } from './build-place.js';
import type { DepositEntry } from './deposit-schema.js';

/** Turns a checked entry into the deposit. */
export function buildDeposit({ id, kind, place, folder, http, maxBytes }: DepositEntry, around: PlaceSurroundings): Deposit {
  return { id, kind, http, maxBytes, place: buildPlace(place, around), folder: folder === undefined ? null : buildFolder(folder) };
}

function buildFolder({ path: folder, create, quiet, every, marker, processed, errors, keepProcessed }: NonNullable<DepositEntry['folder']>): DepositFolder {
  const root = path.resolve(folder);
  return {
    path: root, create, quietMs: quiet, everyMs: every, marker: marker ?? null,
    processed: path.resolve(root, processed), errors: path.resolve(root, errors), keepProcessedDays: keepProcessed ?? null,
  };
}

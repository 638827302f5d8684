import path from 'node:path';
import type { DepositFolder } from '../../domain/deposit.js';
import { codeOf, type Disk } from './disk.js';

const DAY_MS = 86_400_000;

/** Removes the processed files of days that need not be kept any longer. Only folders that are called after a day are touched. Throws the
 * system's error. */
export async function removeOldDays(disk: Disk, { processed, keepProcessedDays }: DepositFolder, now: number): Promise<void> {
  if (keepProcessedDays === null) return;
  const oldest = new Date(now - keepProcessedDays * DAY_MS).toISOString().slice(0, 10);
  for (const { name } of (await daysIn(disk, processed)).filter((day) => day.name < oldest)) {
    await disk.rm(path.join(processed, name), { recursive: true, force: true });
  }
}

async function daysIn(disk: Disk, processed: string): Promise<{ readonly name: string }[]> {
  try {
    const entries = await disk.readdir(processed, { withFileTypes: true });
    return entries.filter((entry) => entry.isDirectory() && /^\d{4}-\d{2}-\d{2}$/.test(entry.name));
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return [];
    throw error;
  }
}

const MINUTE_MS = 60_000;

/** A moment as Pastell tells it, some minutes earlier: `2027-03-01 10:00:00`. There is no offset (contracts/pastell.md §1), so that none is worked with. Null for what is
 * no moment. */
export function minutesBefore(told: string, minutes: number): string | null {
  const at = Date.parse(`${told.trim().replace(' ', 'T')}Z`);
  return /^\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}$/.test(told.trim()) && !Number.isNaN(at) ? asTold(at - minutes * MINUTE_MS) : null;
}

/** A moment of ours as Pastell tells it, in the time of Paris. */
export function inParis(at: number): string {
  return new Intl.DateTimeFormat('sv-SE', { timeZone: 'Europe/Paris', dateStyle: 'short', timeStyle: 'medium' }).format(at);
}

function asTold(at: number): string {
  return new Date(at).toISOString().slice(0, '2027-03-01T10:00:00'.length).replace('T', ' ');
}

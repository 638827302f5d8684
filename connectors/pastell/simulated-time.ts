const PARIS = new Intl.DateTimeFormat('sv-SE', {
  timeZone: 'Europe/Paris', year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23',
});

/** Epoch milliseconds as Pastell writes an instant: local time of Paris, to the second, without an offset (contracts/pastell.md §1). */
export function localTime(at: number): string {
  return PARIS.format(at).replace('T', ' ');
}

/** `2027-03-01` or `2027-03-01T09:00:00` as a text that compares with `localTime`. */
export function comparableTime(given: string): string {
  const [day = '', time = '00:00:00'] = given.trim().split(/[T ]/);
  return `${day} ${time.padEnd('00:00:00'.length, ':00')}`;
}

/** With `date_in_fr`. */
export function frenchTime(local: string): string {
  const [day = '', time = ''] = local.split(' ');
  return `${day.split('-').toReversed().join('/')} ${time}`;
}

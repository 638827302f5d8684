/** A decimal amount in cents; undefined for what is none (contracts/pes-actes-formats.md §A1: two decimals, a dot). */
export function centsOf(text: string): bigint | undefined {
  const match = /^([+-]?)(\d{1,18})(?:\.(\d{0,2}))?$/.exec(text);
  if (match === null) return undefined;
  const cents = BigInt(`${match[2] ?? '0'}${(match[3] ?? '').padEnd(2, '0')}`);
  return match[1] === '-' ? -cents : cents;
}

/** Cents as the file writes amounts. */
export function amountOf(cents: bigint): string {
  const digits = (cents < 0n ? -cents : cents).toString().padStart(3, '0');
  return `${cents < 0n ? '-' : ''}${digits.slice(0, -2)}.${digits.slice(-2)}`;
}

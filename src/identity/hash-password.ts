import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto';
import { createTurnstile } from './turnstile.js';

/** Cost of new hashes: 16 MiB and about two tenths of a second of one core (OWASP password storage, scrypt). */
const COST = { ln: 14, r: 8, p: 5 };
const SALT_BYTES = 16;
const HASH_BYTES = 32;

/** What a stored hash may ask of this machine; beyond it, one line of YAML could take all the memory. */
const BOUNDS = { ln: [10, 18], r: [1, 16], p: [1, 16], memoryBytes: 256 * 1024 * 1024 } as const;

/** Hashing runs on the threads that also read and write annexes, so only a few at a time, in the whole process. */
const turnstile = createTurnstile(2);

interface StoredHash {
  readonly ln: number;
  readonly r: number;
  readonly p: number;
  readonly salt: Buffer;
  readonly hash: Buffer;
}

/** Hashes a password for the configuration: `$scrypt$ln=14,r=8,p=5$<salt>$<hash>`, base64 without padding (PHC string
 * format). Two calls never give the same text. */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(SALT_BYTES);
  const hash = await derive(password, { ...COST, salt, hash: Buffer.alloc(HASH_BYTES) });
  return format({ ...COST, salt, hash });
}

/** True if the password is the one that was hashed. Throws RangeError for a text that is not a hash (see isPasswordHash). */
export async function verifyPassword(password: string, stored: string): Promise<boolean> {
  const parsed = parse(stored);
  if (parsed === null) throw new RangeError('not a scrypt hash within bounds');
  return timingSafeEqual(await derive(password, parsed), parsed.hash);
}

/** True for a hash in the form above, of at least 32 bytes (a shorter one was cut while it was copied), whose cost is within
 * bounds. */
export function isPasswordHash(text: string): boolean {
  return parse(text) !== null;
}

/** A hash of nothing that anybody knows, as expensive to verify as `model`: for accounts that do not exist. */
export function decoyHash(model: string | undefined): string {
  const { ln, r, p } = (model === undefined ? null : parse(model)) ?? COST;
  return format({ ln, r, p, salt: randomBytes(SALT_BYTES), hash: randomBytes(HASH_BYTES) });
}

function derive(password: string, { ln, r, p, salt, hash }: StoredHash): Promise<Buffer> {
  const options = { N: 2 ** ln, r, p, maxmem: BOUNDS.memoryBytes + 1024 * 1024 };
  // One accent, one password: keyboards and operating systems compose letters differently (RFC 7617 §2.1).
  const bytes = Buffer.from(password.normalize('NFC'));
  return turnstile(() => new Promise((resolve, reject) => {
    scrypt(bytes, salt, hash.length, options, (error, key) => { if (error === null) resolve(key); else reject(error); });
  }));
}

function parse(text: string): StoredHash | null {
  const match = /^\$scrypt\$ln=(\d{1,2}),r=(\d{1,2}),p=(\d{1,2})\$([A-Za-z0-9+/]{11,86})\$([A-Za-z0-9+/]{43,86})$/.exec(text);
  if (match === null) return null;
  const [ln = 0, r = 0, p = 0] = match.slice(1, 4).map(Number);
  const within = (value: number, [low, high]: readonly [number, number]): boolean => value >= low && value <= high;
  if (!within(ln, BOUNDS.ln) || !within(r, BOUNDS.r) || !within(p, BOUNDS.p)) return null;
  if (128 * r * 2 ** ln > BOUNDS.memoryBytes) return null;
  return { ln, r, p, salt: Buffer.from(match[4] ?? '', 'base64'), hash: Buffer.from(match[5] ?? '', 'base64') };
}

function format({ ln, r, p, salt, hash }: StoredHash): string {
  return `$scrypt$ln=${ln},r=${r},p=${p}$${unpadded(salt)}$${unpadded(hash)}`;
}

function unpadded(bytes: Buffer): string {
  return bytes.toString('base64').replace(/=+$/, '');
}

import { isIP } from 'node:net';
import { z } from 'zod';
import { isTimeZone } from '../domain/wall-clock.js';

/** Ids go into addresses of items and templates (contracts/wsclient.md §4), so they stay plain. */
export const idText = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/, 'an id of letters, digits, - _ . (at most 100)');

/** Account names: as ids, and @ for those that are mail addresses. Never a colon, which ends the name in HTTP Basic. */
export const userIdText = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._@-]{0,99}$/, 'a user id of letters, digits, - _ . @ (at most 100)');

export const uidText = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/, 'a uid of letters, digits, - _ . (at most 64)');

export const nameText = z.string().min(1).max(500);

export const longText = z.string().max(100_000);

/** Schemas that take a shorter writing than their output shows, with the JSON Schema of that writing: editors accept it, too. */
export const shortWritings = z.registry<{ readonly short: Readonly<Record<string, unknown>> }>();

/** One value or a list of them. */
export function oneOrMany<Item extends z.ZodType>(item: Item): z.ZodPipe<z.ZodTransform, z.ZodArray<Item>> {
  const schema = z.preprocess((value) => (typeof value === 'string' ? [value] : value), z.array(item)) as z.ZodPipe<z.ZodTransform, z.ZodArray<Item>>;
  shortWritings.add(schema, { short: { type: 'string' } });
  return schema;
}

const SIZE_UNITS: Readonly<Record<string, number>> = { B: 1, KiB: 2 ** 10, MiB: 2 ** 20, GiB: 2 ** 30, kB: 1e3, MB: 1e6, GB: 1e9 };
const TIME_UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1000, min: 60_000, h: 3_600_000, d: 86_400_000 };

/** Bytes: a whole number, or a text such as `512 MiB`. */
export function size(): z.ZodType<number> {
  return amount(SIZE_UNITS, 'a size such as 512 MiB, in B, KiB, MiB, GiB, kB, MB or GB');
}

/** Milliseconds: a whole number, or a text such as `30 s`. */
export function duration(): z.ZodType<number> {
  return amount(TIME_UNITS, 'a duration such as 30 s, in ms, s, min, h or d');
}

function amount(units: Readonly<Record<string, number>>, expected: string): z.ZodType<number> {
  return z.union([z.number(), z.string()], expected).transform((value, context) => {
    const read = typeof value === 'number' ? value : readAmount(value, units);
    if (read !== null && Number.isSafeInteger(read) && read > 0) return read;
    context.addIssue({ code: 'custom', message: expected });
    return z.NEVER;
  });
}

function readAmount(text: string, units: Readonly<Record<string, number>>): number | null {
  const match = /^\s*(\d+(?:\.\d+)?)\s*([A-Za-z]+)\s*$/.exec(text);
  const unit = units[match?.[2] ?? ''];
  return match === null || unit === undefined ? null : Math.round(Number(match[1]) * unit);
}

/** An address, or a range of them such as `10.0.0.0/8`. */
export const addressRange = z.string().refine(isAddressRange, 'an IP address or a range such as 10.0.0.0/8');

function isAddressRange(text: string): boolean {
  const [address = '', bits, ...rest] = text.split('/');
  const version = isIP(address);
  if (version === 0 || rest.length > 0) return false;
  return bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= (version === 4 ? 32 : 128));
}

export const mailAddress = z.string().regex(/^[^\s@]+@[^\s@]+$/, 'a mail address');

/** Any address of the web that carries no password. */
export const webUrl = z.string().refine((text) => URL.canParse(text) && /^https?:$/.test(new URL(text).protocol) && new URL(text).password === '', 'an address such as https://tsa.example/tsr');

/** A base address: http or https, without query, without a slash at the end. */
export const baseUrl = z.string().refine(isBaseUrl, 'an address such as https://relais.ville.example, without a slash at the end');

function isBaseUrl(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const url = new URL(text);
  return /^https?:$/.test(url.protocol) && url.username === '' && url.search === '' && url.hash === '' && !text.endsWith('/');
}

export const timeZone = z.string().refine(isTimeZone, 'a time zone such as Europe/Brussels');

/** Minutes from midnight, of a text such as `08:00`; `24:00` is the end of the day. */
export const timeOfDay = z.string().regex(/^(?:(?:[01]\d|2[0-3]):[0-5]\d|24:00)$/, { error: 'a time of the day such as "08:00"', abort: true }).transform((text) => {
  const [hours = 0, minutes = 0] = text.split(':').map(Number);
  return hours * 60 + minutes;
});

/** A day of the calendar, without a time. */
export const localDate = z.string().refine(isDate, 'a date that exists, such as 2027-05-01');

function isDate(text: string): boolean {
  const date = /^\d{4}-\d{2}-\d{2}$/.test(text) ? new Date(`${text}T00:00:00Z`) : null;
  return date !== null && !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text);
}

/** What a field of another system can take. */
export const fieldValue = z.union(
  [z.string(), z.number(), z.boolean(), z.null(), z.array(z.string())], 'a text, a number, true, false, a list of texts or null',
);

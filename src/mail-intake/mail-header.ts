import { MailParser, type AddressObject, type EmailAddress, type Headers } from 'mailparser';
import { MessageRefused } from './outcome.js';
import { HEADER_BYTES } from './stage-message.js';

/** A person or a program that writes; `name` is empty where none is given. Addresses are in lower case. */
export interface MailAddress {
  readonly name: string;
  readonly address: string;
}

/** What the header of a message says. */
export interface MailHeader {
  /** Null: nobody, or several. */
  readonly from: MailAddress | null;
  readonly to: readonly MailAddress[];
  readonly cc: readonly MailAddress[];
  readonly subject: string;
  /** Epoch milliseconds; null: none that can be read. */
  readonly date: number | null;
  /** With its angle brackets; empty: none. */
  readonly messageId: string;
  /** Messages that it answers, the nearest first. */
  readonly answers: readonly string[];
  /** Every field by its name in lower case, unfolded, as it stands there. */
  readonly lines: ReadonlyMap<string, readonly string[]>;
}

/** A header that names more has been made by a program. */
const ADDRESSES = 200;
const TEXT = 998;
const DATE = 200;

/** Reads the header of a message, whatever it is: null where there is none. Throws MessageRefused for one of too many lines. */
export async function readHeader(bytes: Buffer): Promise<MailHeader | null> {
  const parser = new MailParser({ maxHeadSize: HEADER_BYTES * 2 });
  const found = await new Promise<Headers | null>((resolve, reject) => {
    parser.once('headers', resolve);
    parser.once('error', (error) => {
      if (isTooMuch(error)) reject(new MessageRefused('too-large', { cause: error }));
      else resolve(null);
    });
    parser.once('end', () => { resolve(null); });
    parser.resume();
    parser.end(Buffer.concat([bytes, Buffer.from('\r\n\r\n')]));
  });
  return found === null ? null : headerOf(found, parser.headerLines === false ? [] : parser.headerLines);
}

/** The parser's word for a message that is more than it was told to hold. */
export function isTooMuch(error: unknown): error is Error {
  return error instanceof Error && 'code' in error && error.code === 'EMAXLEN';
}

/** What the parser read, without what no database keeps. */
export function headerOf(headers: Headers, headerLines: readonly { readonly key: string; readonly line: string }[]): MailHeader | null {
  const lines = new Map<string, string[]>();
  for (const { key, line } of headerLines) {
    const value = line.slice(line.indexOf(':') + 1).replace(/\r?\n[ \t]*/g, ' ').trim();
    const known = lines.get(key);
    if (known === undefined) lines.set(key, [value]);
    else known.push(value);
  }
  if (!['from', 'date', 'message-id', 'subject', 'received', 'to'].some((name) => lines.has(name))) return null;
  const messageId = oneLine(textOf(headers, 'message-id'), TEXT);
  return {
    from: authorOf(headers, lines),
    to: addressesOf(headers, 'to'), cc: addressesOf(headers, 'cc'),
    subject: oneLine(textOf(headers, 'subject'), TEXT),
    // the parser makes it now where it cannot be read
    date: timeOf(lines.get('date')?.[0]),
    messageId: messageId === '<>' ? '' : messageId,
    answers: answersIn(lines),
    lines,
  };
}

/** Nobody where several are named: servers and programs differ in whom of them they check and show, so that any of them may be made up. */
function authorOf(headers: Headers, lines: ReadonlyMap<string, readonly string[]>): MailAddress | null {
  const [first, ...others] = addressesOf(headers, 'from');
  if (first === undefined) return addressesOf(headers, 'sender')[0] ?? null;
  return (lines.get('from') ?? []).length > 1 || others.some(({ address }) => address !== first.address) ? null : first;
}

function textOf(headers: Headers, name: string): string {
  const value = headers.get(name);
  return typeof value === 'string' ? value : '';
}

/** Comments are left out. No date is so long that they could take time. */
function timeOf(text = ''): number | null {
  const time = text.length > DATE ? NaN : Date.parse(text.replace(/\([^()]*\)/g, ''));
  return Number.isNaN(time) ? null : time;
}

function answersIn(lines: ReadonlyMap<string, readonly string[]>): string[] {
  const ids = [...lines.get('in-reply-to') ?? [], ...(lines.get('references') ?? []).flatMap((line) => line.split(/\s+/).toReversed())];
  return [...new Set(ids.join(' ').match(/<[^<>\s]{1,500}>/g))].slice(0, 20);
}

function addressesOf(headers: Headers, name: string): MailAddress[] {
  const value = headers.get(name);
  const objects = (Array.isArray(value) ? value : [value]).filter((one): one is AddressObject => typeof one === 'object' && 'value' in one && Array.isArray(one.value));
  return objects.flatMap((one) => one.value).flatMap(membersOf).slice(0, ADDRESSES);
}

function membersOf({ name, address, group = [] }: EmailAddress): MailAddress[] {
  if (address === undefined || !address.includes('@')) return group.flatMap(membersOf);
  return [{ name: oneLine(name, 200), address: oneLine(address, 320).toLowerCase() }];
}

/** One line without control characters and without those that turn the direction of reading, no longer than that. */
export function oneLine(text: string, longest: number): string {
  return text.replace(/[\u202a-\u202e\u2066-\u2069]+/g, '').replace(/[\p{Cc}\p{Zl}\p{Zp}\s]+/gu, ' ').trim().slice(0, longest).replace(/\p{Cs}/gu, '');
}

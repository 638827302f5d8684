import { oneLine, type MailAddress } from './mail-header.js';

/** The letter that a mail program quoted when somebody forwarded it. */
export interface QuotedLetter {
  readonly from: MailAddress;
  /** Addresses only. */
  readonly to: readonly MailAddress[];
  readonly subject: string;
  /** What stands after its header. */
  readonly text: string;
}

type Name = 'from' | 'to' | 'subject' | 'other';

/** How mail programs name the fields, in the languages of our towns and their neighbours: Outlook, Thunderbird, Gmail, Apple Mail. */
const NAMES: ReadonlyMap<string, Name> = new Map(Object.entries({
  from: 'from', de: 'from', van: 'from', von: 'from', 'expéditeur': 'from',
  to: 'to', 'à': 'to', a: 'to', pour: 'to', aan: 'to', an: 'to', destinataire: 'to', destinataires: 'to',
  subject: 'subject', objet: 'subject', sujet: 'subject', onderwerp: 'subject', betreff: 'subject',
  date: 'other', sent: 'other', 'envoyé': 'other', datum: 'other', verzonden: 'other', gesendet: 'other', cc: 'other', cci: 'other', bcc: 'other',
  'répondre à': 'other', 'reply-to': 'other', importance: 'other', 'date d\'envoi': 'other', 'envoyé le': 'other', attachments: 'other', 'pièces jointes': 'other',
} satisfies Record<string, Name>));

const ADDRESS = /[^\s<>"'()[\]:;,\\]{1,64}@[^\s<>"'()[\]:;,\\]{1,255}/;
/** A header of people is looked for near the begin of the text. */
const LINES = 400;
/** Fields that a header of people has at most. */
const FIELDS = 12;
/** Name and address of one are not longer. */
const PERSON = 1000;
/** What mail programs write above an answer, and above what they forward with marks of a quotation. */
const ANSWER = /\b(?:a écrit|wrote|schreef|schrieb)\b[^:]{0,200}:$/i;
const FORWARD = /transf[ée]r|r[ée]exp[ée]di|forward|doorgestuurd|weitergeleitet/i;

/** The header that is quoted in a text, with the letter below it; null: there is none. The first thing that looks like one decides, and is `unclear` where it
 * does not tell who wrote: what stands below it is the text of somebody else, who may have written another header into it. */
export function findQuotedLetter(text: string): QuotedLetter | 'unclear' | null {
  const lines = text.split('\n');
  let above = '';
  for (let at = 0; at < Math.min(lines.length, LINES); at += 1) {
    const line = lines[at] ?? '';
    if (isOfOthers(line, above) || isUnknownHeader(lines, at)) return 'unclear';
    if (fieldIn(line) !== null) {
      const block = blockAt(lines, at);
      const from = addressIn(block.values.get('from') ?? '');
      if (isHeader(block.values)) return from === null ? 'unclear' : letterBelow(lines, from, block);
      if (from !== null) return 'unclear';
      at = block.end - 1;
    }
    if (plain(line) !== '') above = line;
  }
  return null;
}

/** An answer, or a quotation that is not announced as something forwarded. */
function isOfOthers(line: string, above: string): boolean {
  return ANSWER.test(plain(line).slice(-300)) || (line.startsWith('>') && !above.startsWith('>') && !FORWARD.test(above.slice(0, 300)));
}

/** Who wrote it, and what about, or when and to whom: programs leave out a subject that is empty. */
function isHeader(values: Block['values']): boolean {
  return values.has('from') && (values.has('subject') || (values.has('to') && values.has('other')));
}

/** A header in a language that we do not know: several fields, an address and a moment. */
function isUnknownHeader(lines: readonly string[], at: number): boolean {
  const fields: string[] = [];
  for (let line = plain(lines[at] ?? ''); /^\*?\p{L}[^:@]{0,24}:/u.test(line); line = plain(lines[at + fields.length] ?? '')) {
    if (fields.length === FIELDS) break;
    fields.push(line.slice(0, 1000));
  }
  return fields.length >= 3 && !fields.some((line) => fieldIn(line)?.name === 'from') && fields.some((line) => ADDRESS.test(line)) && fields.some((line) => /\b\d{4}\b.*\b\d{1,2}[:.h]\d{2}\b/.test(line));
}

function letterBelow(lines: readonly string[], from: MailAddress, { values, end }: Block): QuotedLetter {
  return { from, to: addressesIn(values.get('to') ?? ''), subject: oneLine(values.get('subject') ?? '', 998), text: bodyFrom(lines, end) };
}

interface Block {
  readonly values: ReadonlyMap<Name, string>;
  /** The line after it. */
  readonly end: number;
}

/** Fields that follow each other; long lists of people go on on the next line. */
function blockAt(lines: readonly string[], start: number): Block {
  const values = new Map<Name, string>();
  let current: Name | undefined;
  let end = start;
  for (; end < lines.length; end += 1) {
    const line = plain(lines[end] ?? '');
    const field = fieldIn(line);
    if (field === null && !isRestOfList(line, current)) break;
    current = field?.name ?? current;
    if (field === null && current === 'to') values.set('to', `${values.get('to') ?? ''} ${line}`);
    if (field !== null && !values.has(field.name)) values.set(field.name, field.value);
  }
  return { values, end };
}

function isRestOfList(line: string, current: Name | undefined): boolean {
  return (current === 'to' || current === 'other') && line.includes('@');
}

function fieldIn(line: string): { readonly name: Name; readonly value: string } | null {
  const text = plain(line);
  const colon = text.indexOf(':');
  if (colon < 1 || colon > 20) return null;
  const name = NAMES.get(text.slice(0, colon).replaceAll('*', '').trim().toLowerCase().replace('’', '\''));
  return name === undefined ? null : { name, value: text.slice(colon + 1).replace(/^[\s*]+/, '').trim() };
}

/** Without the marks of a quotation, and with true spaces. */
function plain(line: string): string {
  return line.replace(/[\u00a0\u202f]/g, ' ').replace(/^[>\s]+/, '').trim();
}

function bodyFrom(lines: readonly string[], end: number): string {
  const rest = lines.slice(end);
  const isQuoted = rest.every((line) => line.trim() === '' || line.startsWith('>'));
  return (isQuoted ? rest.map((line) => line.replace(/^> ?/, '')) : rest).join('\n').trim();
}

/** The one in brackets, which stands last: a name may be written like an address. Null for none, and for several without brackets. */
function addressIn(given: string): MailAddress | null {
  const text = given.slice(0, PERSON).replaceAll('mailto:', '');
  const bracketed = /^(.*)[<[]([^<>[\]]*)[>\]][^<>[\]]*$/s.exec(text);
  const found = (bracketed?.[2] ?? text).match(new RegExp(ADDRESS, 'g')) ?? [];
  const [address] = found;
  if (address === undefined || found.length > 1) return null;
  const name = bracketed?.[1] ?? text.slice(0, text.indexOf(address));
  return { name: oneLine(name.replace(/["'*<>[\]()]/g, ''), 200), address: address.toLowerCase() };
}

function addressesIn(text: string): MailAddress[] {
  return text.split(/[;,]/).slice(0, 50).flatMap((one) => addressIn(one) ?? []);
}

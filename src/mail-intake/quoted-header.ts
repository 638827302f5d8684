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
/** Fields without which it is none: who wrote it, and what about. */
const NEEDED: readonly Name[] = ['from', 'subject'];

/** The first header that is quoted in a text, with the letter below it; null: there is none. */
export function findQuotedLetter(text: string): QuotedLetter | null {
  const lines = text.split('\n');
  for (let at = 0; at < Math.min(lines.length, LINES); at += 1) {
    if (fieldIn(lines[at] ?? '') === null) continue;
    const block = blockAt(lines, at);
    const from = addressIn(block.values.get('from') ?? '');
    if (from !== null && NEEDED.every((name) => block.values.has(name))) {
      return { from, to: addressesIn(block.values.get('to') ?? ''), subject: oneLine(block.values.get('subject') ?? '', 998), text: bodyFrom(lines, block.end) };
    }
    at = block.end - 1;
  }
  return null;
}

/** Fields that follow each other; long lists of people go on on the next line. */
function blockAt(lines: readonly string[], start: number): { readonly values: ReadonlyMap<Name, string>; readonly end: number } {
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

function addressIn(text: string): MailAddress | null {
  const address = ADDRESS.exec(text.replaceAll('mailto:', ''))?.[0].toLowerCase();
  if (address === undefined) return null;
  return { name: oneLine(text.split(/[<[(]/)[0]?.replace(/["'*]/g, '') ?? '', 200).replace(ADDRESS, '').trim(), address };
}

function addressesIn(text: string): MailAddress[] {
  return text.split(/[;,]/).slice(0, 50).flatMap((one) => addressIn(one) ?? []);
}

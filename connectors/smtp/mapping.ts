import type { Submission } from '../../src/connector-api/connector.js';
import { Misconfigured, Refused } from '../../src/connector-api/failures.js';
import type { Annex } from '../../src/domain/item.js';
import type { FieldValue, TargetField } from '../../src/domain/mapping.js';
import { domainOf, parseAddress, type Address } from './address.js';
import type { SmtpSettings } from './config.js';
import { fillTemplate, type FilledTemplate } from './fill-template.js';
import { readTemplate } from './template.js';

/** Longest subject, characters; a longer title is cut. */
const SUBJECT = 200;

/** Room for the headers of a mail, and for those of an attachment. Bytes. */
const HEADERS = 1024;

/** Fields of the operation `send`. */
export const FIELDS = {
  to: { type: 'list', title: { fr: 'Destinataires', en: 'Recipients' }, required: true },
  cc: { type: 'list', title: { fr: 'Copie', en: 'Copy' } },
  bcc: { type: 'list', title: { fr: 'Copie cachée', en: 'Blind copy' } },
  replyTo: { type: 'list', title: { fr: 'Répondre à', en: 'Reply to' } },
  subject: { type: 'text', title: { fr: 'Objet', en: 'Subject' }, maxLength: SUBJECT },
  text: { type: 'text', title: { fr: 'Texte', en: 'Text' } },
  html: { type: 'html', title: { fr: 'Texte mis en forme', en: 'Formatted text' } },
  template: { type: 'text', title: { fr: 'Modèle', en: 'Template' } },
  attach: { type: 'boolean', title: { fr: 'Joindre les annexes', en: 'Attach the annexes' } },
} as const satisfies Record<string, TargetField>;

export interface Mail {
  /** Made of the key of the delivery, so that a mail that was sent twice can be told from two mails. */
  readonly messageId: string;
  readonly from: Address;
  readonly to: readonly Address[];
  readonly cc: readonly Address[];
  readonly bcc: readonly Address[];
  readonly replyTo: readonly Address[];
  readonly subject: string;
  /** At least one of both. */
  readonly text?: string;
  readonly html?: string;
  readonly attachments: readonly Annex[];
  /** About what it takes on the wire, bytes. */
  readonly size: number;
  readonly itemUid: string;
  /** Name of the template that it was made with. */
  readonly template?: string;
}

/** The mail that an item makes. Throws Refused, with what to correct, for an address that is none and for a mail that is too
 * large. */
export function mailOf(submission: Submission, settings: SmtpSettings): Mail {
  const { item, fields, key } = submission;
  const from = addressIn(settings.from, 'from');
  const to = addressesIn(fields['to'], 'to');
  if (to.length === 0) throw new Refused('The field «to» names nobody: a mail needs a recipient.');
  const filled = filledTemplate(submission, settings);
  const body = bodyOf(fields, filled, item.title);
  const attachments = fields['attach'] === false ? [] : item.annexes.filter(({ confidential }) => settings.attachConfidential || !confidential);
  const size = HEADERS + encodedSize(Buffer.byteLength(`${body.text ?? ''}${body.html ?? ''}`)) + attachments.reduce((sum, annex) => sum + HEADERS + encodedSize(annex.size), 0);
  if (size > settings.maxBytes) throw tooLarge(size, settings.maxBytes);
  return {
    messageId: `<${key.replace(/[^A-Za-z0-9-]/gu, codeOf)}@${domainOf(from.address)}>`,
    from, to, ...body, attachments, size,
    cc: addressesIn(fields['cc'], 'cc'), bcc: addressesIn(fields['bcc'], 'bcc'), replyTo: addressesIn(fields['replyTo'], 'replyTo'),
    subject: subjectOf(textIn(fields['subject']) ?? filled?.subject ?? item.title),
    itemUid: item.uid, ...(filled !== null && { template: textIn(fields['template']) ?? '' }),
  };
}

/** Every recipient once, as the server is told. */
export function recipientsOf({ to, cc, bcc }: Mail): string[] {
  return [...new Set([...to, ...cc, ...bcc].map(({ address }) => address))];
}

/** The template that the field names; what is mapped beside it goes over it. Null: none is named. */
function filledTemplate({ item, results, fields }: Submission, { templates, timeZone }: SmtpSettings): FilledTemplate | null {
  const name = textIn(fields['template']);
  if (name === undefined) return null;
  const source = Object.hasOwn(templates, name) ? templates[name] : undefined;
  const template = source === undefined ? undefined : readTemplate(source);
  if (template === undefined || 'mistakes' in template) throw new Misconfigured(`The field «template» names «${shown(name)}»; expected one of the setting «templates»: ${Object.keys(templates).join(', ')}.`);
  return fillTemplate(template, { item, results }, timeZone);
}

function bodyOf(fields: Submission['fields'], filled: FilledTemplate | null, title: string): Pick<Mail, 'text' | 'html'> {
  const text = textIn(fields['text']) ?? filled?.text;
  const html = textIn(fields['html']) ?? filled?.html ?? undefined;
  if (html === undefined) return { text: text ?? title };
  return { html, ...(text !== undefined && { text }) };
}

/** A header is one line. */
function subjectOf(text: string): string {
  const line = text.replace(/[\p{Cc}\u2028\u2029\s]+/gu, ' ').trim();
  const characters = Array.from(line);
  return characters.length <= SUBJECT ? line : `${characters.slice(0, SUBJECT - 1).join('')}…`;
}

function addressesIn(value: FieldValue | undefined, field: string): Address[] {
  const texts = typeof value === 'string' ? [value] : Array.isArray(value) ? value as readonly string[] : [];
  return texts.filter((text) => text.trim() !== '').map((text) => addressIn(text, field));
}

function addressIn(text: string, field: string): Address {
  const address = parseAddress(text);
  if (address === undefined) throw new Refused(`«${shown(text)}» in the field «${field}» is not a mail address. Correct it where it comes from, or in the mapping, then retry.`);
  return address;
}

function textIn(value: FieldValue | undefined): string | undefined {
  return typeof value === 'string' && value.trim() !== '' ? value : undefined;
}

function shown(text: string): string {
  return text.replace(/\p{Cc}+/gu, ' ').slice(0, 100);
}

/** In base64, in lines of 76 characters. */
function encodedSize(bytes: number): number {
  return Math.ceil(bytes / 57) * 78;
}

function codeOf(character: string): string {
  return [...Buffer.from(character)].map((byte) => `%${byte.toString(16).toUpperCase().padStart(2, '0')}`).join('');
}

function tooLarge(size: number, limit: number): Refused {
  const mib = (bytes: number) => (bytes / 2 ** 20).toFixed(1);
  return new Refused(`The mail would be of ${mib(size)} MiB, more than the ${mib(limit)} MiB of maxBytes. Send fewer or smaller annexes, or map «attach» to false.`);
}

import { createHash } from 'node:crypto';
import type { Gathering, Submission } from '../../src/connector-api/connector.js';
import { Misconfigured, Refused } from '../../src/connector-api/failures.js';
import type { Annex } from '../../src/domain/item.js';
import type { FieldValue } from '../../src/domain/mapping.js';
import { filesNamed } from '../../src/connector-api/named-files.js';
import { isPdf } from '../../src/domain/file-kind.js';
import type { SigningSessionSettings } from './config.js';
import { EMAIL, signersByRule, signersNamed } from './signers.js';

const MIB = 2 ** 20;

/** What one item adds to a session. */
export interface SessionPart {
  readonly key: string;
  readonly itemUid: string;
  readonly title: string;
  readonly documents: readonly Annex[];
  /** E-mail addresses. */
  readonly signers: readonly string[];
  readonly watchers: readonly string[];
  readonly seal: boolean;
  readonly acroform: boolean;
  readonly discriminator: string;
}

/** The name of a document over there: it says whose it is, so that it can be looked for. `index` counts from 0. */
export function uniqueCode(key: string, index: number): string {
  return `${key}-${index + 1}`;
}

/** The delivery that a document belongs to. */
export function keyOf(code: string): string {
  return code.replace(/-\d+$/, '');
}

/** What a submission adds to a session that leaves at `now` (epoch milliseconds). Throws Refused, naming the field, for what cannot be
 * signed so. */
export function partOf(submission: Submission, settings: SigningSessionSettings, now: number): SessionPart {
  const { key, operation, item, fields } = submission;
  if (operation !== 'sign') throw new Misconfigured(`The signing-session connector does «sign», not «${operation}».`);
  if (fields['seal'] === true && settings.sealCode === undefined) throw new Refused('Field «seal»: the settings of the connector name no seal. Give «sealCode» there, then retry.');
  return {
    key,
    itemUid: item.uid,
    title: lineOf(fields['title']) || lineOf(item.title) || item.id,
    documents: documentsOf(submission),
    signers: signersOf(submission, settings, now),
    watchers: textsOf(fields['watchers']).map((address) => addressOf('watchers', address)),
    seal: fields['seal'] === true,
    acroform: fields['acroform'] === true,
    discriminator: lineOf(fields['discriminator']),
  };
}

/** With whom it travels, and when that leaves (contracts/iparapheur.md §5.4, lot building). Throws Refused for what fits no session. */
export function gather(submission: Submission, settings: SigningSessionSettings, now: number): Gathering {
  const { maxItems, maxBytes, waitMinutes } = settings.session;
  const part = partOf(submission, settings, now);
  const weight = part.documents.reduce((sum, { size }) => sum + size, 0);
  const large = part.documents.find(({ size }) => size > maxBytes);
  if (large !== undefined) throw new Refused(`«${large.filename}» has ${mib(large.size)}, more than the ${mib(maxBytes)} of a session. Make it smaller, or have it signed otherwise.`);
  if (weight > maxBytes) throw new Refused(`The documents of this item have ${mib(weight)}, more than the ${mib(maxBytes)} of a session. Map «documents» to fewer of them.`);
  return { group: groupOf(part, submission.item.authority), weight, limits: { weight: maxBytes, count: maxItems, waitMs: waitMinutes * 60_000 } };
}

/** Same signers in the same order, same seal, same form, same watchers, nothing that keeps them apart. */
export function groupOf({ signers, watchers, seal, acroform, discriminator }: SessionPart, authority: string): string {
  return createHash('sha256').update(JSON.stringify([authority, signers, watchers, seal, acroform, discriminator])).digest('hex').slice(0, 32);
}

/** The documents of a submission in the order in which they are numbered. */
export function documentsOf({ item, fields }: Pick<Submission, 'item' | 'fields'>): readonly Annex[] {
  const named = filesNamed('documents', item.annexes, fields);
  const chosen = named === null || named.length === 0 ? item.annexes.filter((annex) => annex.role === undefined && isPdf(annex)) : named;
  const other = chosen.find((annex) => !isPdf(annex));
  if (other !== undefined) throw new Refused(`Field «documents»: «${other.filename}» is of type ${other.mediaType}, and only PDF files are signed in a session.`);
  if (chosen.some((annex, index) => chosen.indexOf(annex) !== index)) throw new Refused('Field «documents»: a file is named twice.');
  const empty = chosen.find(({ size }) => size === 0);
  if (empty !== undefined) throw new Refused(`Field «documents»: «${empty.filename}» is empty, and nothing can be signed in it.`);
  if (chosen.length === 0) throw new Refused('Field «documents»: the item has no PDF file to be signed. Add one, or map the file that is to be signed.');
  return chosen;
}

function signersOf({ fields }: Submission, { signers }: SigningSessionSettings, now: number): readonly string[] {
  const named = textsOf(fields['signers']);
  if (named.length > 0) return signersNamed(named, signers, now);
  const rule = lineOf(fields['signerRule']) || signers.rule;
  if (rule !== undefined) return signersByRule(rule, signers, now);
  throw new Refused('Fields «signers» and «signerRule»: found neither. Map the e-mail addresses of the signers or the name of a rule, or give «signers.rule» in the settings of the connector.');
}

function addressOf(field: string, text: string): string {
  if (!EMAIL.test(text)) throw new Refused(`Field «${field}»: found «${text.slice(0, 100)}», expected an e-mail address.`);
  return text.toLowerCase();
}

function textsOf(value: FieldValue | undefined): readonly string[] {
  const texts = typeof value === 'string' ? [value] : Array.isArray(value) ? value as readonly string[] : [];
  return [...new Set(texts.map((text) => text.trim()).filter((text) => text !== ''))];
}

function lineOf(value: FieldValue | undefined): string {
  return typeof value === 'string' ? value.replace(/[\p{C}\p{Zl}\p{Zp}\s]+/gu, ' ').trim() : '';
}

function mib(bytes: number): string {
  return `${(bytes / MIB).toFixed(1)} MiB`;
}

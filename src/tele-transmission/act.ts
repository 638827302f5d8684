import type { Submission } from '../connector-api/connector.js';
import { Refused } from '../connector-api/failures.js';
import { shown } from '../errors.js';
import type { Annex } from '../domain/item.js';
import { dayIn } from './act-day.js';
import { chooseDocuments } from './choose-documents.js';
import { ACT_NATURES, type ActNature } from './fields.js';
import { toLatin1, type Latin1Text } from './latin1.js';
import type { TeleTransmissionSettings } from './settings.js';

/** An act that platforms take as it is, but for what only their live classification says (typologies.ts). */
export interface Act {
  readonly number: string;
  readonly nature: ActNature;
  /** `7.1`, and its levels: `['7', '1']`. */
  readonly classification: string;
  readonly levels: readonly string[];
  /** `2027-03-01`. */
  readonly decisionDate: string;
  readonly subject: Latin1Text;
  readonly main: Annex;
  readonly annexes: readonly Annex[];
  /** As given: null, or '' in the list, where the classification decides. */
  readonly mainTypology: string | null;
  readonly annexTypologies: readonly string[] | null;
  readonly paperFollows: boolean;
  readonly publishedOn: string | null;
}

type Fields = Submission['fields'];

/** What S2LOW, Pastell and the ministry all take (contracts/pes-actes-formats.md §B1). */
const NUMBER = /^[A-Z0-9][A-Z0-9_]{0,13}[A-Z0-9]$/;
const MATTER = /^[1-9]\d?(?:\.[1-9]\d?){1,4}$/;
const LONGEST_SUBJECT = 499;

/** Makes an act of what a step gives: checked as strictly as the strictest platform does, so that nothing is found out over there. `now` is epoch
 * milliseconds. Throws Refused, naming the field. */
export function actOf({ item, fields }: Submission, defaults: Pick<TeleTransmissionSettings, 'nature' | 'classification'>, now: number): Act {
  const nature = natureOf(textOf(fields, 'nature') ?? defaults.nature);
  const classification = matched('classification', textOf(fields, 'classification') ?? defaults.classification, MATTER, 'a matter of two to five levels, such as 7.1');
  const levels = classification.split('.');
  const decisionDate = dateOf(fields, 'decisionDate');
  if (decisionDate === null) throw new Refused('Field «decisionDate»: found nothing, expected the date of the decision.');
  const today = dayIn(now);
  if (decisionDate > today) throw new Refused(`Field «decisionDate»: found ${decisionDate}, expected a day that is not after today, ${today}.`);
  const publishedOn = dateOf(fields, 'publishedOn');
  if (publishedOn !== null && publishedOn < decisionDate) throw new Refused(`Field «publishedOn»: found ${publishedOn}, expected a day that is not before the decision, ${decisionDate}.`);
  return {
    number: matched('number', textOf(fields, 'number'), NUMBER, '2 to 15 of the characters A-Z, 0-9 and _, with _ neither first nor last'),
    nature, classification, levels, decisionDate, publishedOn,
    subject: subjectOf(textOf(fields, 'subject') ?? item.title),
    mainTypology: textOf(fields, 'typology') ?? null,
    annexTypologies: listOf(fields, 'annexTypologies'),
    paperFollows: fields['paperFollows'] === true,
    ...chooseDocuments(item.annexes, fields, nature, levels),
  };
}

function natureOf(given: string | undefined): ActNature {
  const found = ACT_NATURES.find((nature) => nature === given);
  if (found === undefined) throw new Refused(`Field «nature»: found ${quoted(given)}, expected a nature of acts, 1 to 6. Map it, or set «nature» in the settings of the connector.`);
  return found;
}

function matched(field: string, given: string | undefined, pattern: RegExp, expected: string): string {
  if (given !== undefined && pattern.test(given)) return given;
  throw new Refused(`Field «${field}»: found ${quoted(given)}, expected ${expected}.`);
}

function subjectOf(given: string): Latin1Text {
  const { text, replaced } = toLatin1(given);
  const whole = text.replace(/\s+/g, ' ').slice(0, LONGEST_SUBJECT).trim();
  if (!/[\p{L}\p{N}]/u.test(whole)) throw new Refused(`Field «subject»: found ${quoted(given)}, expected a text that ISO-8859-1 can hold.`);
  return { text: whole, bytes: Buffer.from(whole, 'latin1'), replaced };
}

/** The day of a date, or of a moment by the clocks of France. */
function dateOf(fields: Fields, field: string): string | null {
  const given = textOf(fields, field);
  if (given === undefined) return null;
  const moment = given.length > '2027-03-01'.length ? Date.parse(given) : NaN;
  return Number.isNaN(moment) ? matched(field, given, /^\d{4}-\d{2}-\d{2}$/, 'a date, such as 2027-03-01') : dayIn(moment);
}

function textOf(fields: Fields, field: string): string | undefined {
  const value = fields[field];
  return typeof value === 'string' && value.trim() !== '' ? value.trim() : undefined;
}

function listOf(fields: Fields, field: string): readonly string[] | null {
  const value = fields[field];
  return Array.isArray(value) ? (value as readonly string[]).map((text) => text.trim()) : null;
}

function quoted(value: string | undefined): string {
  return value === undefined ? 'nothing' : `«${shown(value)}»`;
}

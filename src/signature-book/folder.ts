import { Refused } from '../connector-api/failures.js';
import type { Submission } from '../connector-api/connector.js';
import type { Annex } from '../domain/item.js';
import type { FieldValue } from '../domain/mapping.js';
import { METADATA_PREFIX, signatureFields, type Expectation, type Visibility, type XmlPlace } from './fields.js';
import { chooseFiles, type ChosenFiles } from './choose-files.js';
import { uniqueFilenames } from './unique-filenames.js';
import type { SignatureSettings } from './settings.js';

/** A file as it travels: `filename` is unlike those of the others of its folder. */
export interface FolderFile {
  readonly annex: Annex;
  readonly filename: string;
}

/** What is handed to a signature book, whatever its protocol. */
export interface SignatureFolder {
  /** One line, at most 255 code points, never empty. */
  readonly title: string;
  readonly type: string;
  readonly subtype: string;
  readonly main: FolderFile;
  readonly supplementary: readonly FolderFile[];
  readonly annexes: readonly FolderFile[];
  readonly visual: FolderFile | null;
  readonly detachedSignature: FolderFile | null;
  readonly visibility: Visibility;
  /** `2027-03-01`. */
  readonly deadline: string | null;
  readonly publicAnnotation: string | null;
  readonly privateAnnotation: string | null;
  readonly emitter: string | null;
  /** As the step maps it; null: not said. See xml-signature-place.ts. */
  readonly xpath: XmlPlace | null;
  readonly expects: Expectation;
  /** By the name that metadata has over there. */
  readonly metadata: Readonly<Record<string, string>>;
}

type Fields = Submission['fields'];

/** The folder that a submission makes. Throws Refused, naming the field, for what makes none. */
export function folderOf({ item, fields }: Pick<Submission, 'item' | 'fields'>, defaults: Pick<SignatureSettings, 'type' | 'subtype' | 'visibility' | 'expects'>): SignatureFolder {
  const text = (name: string): string | null => textOf(name, fields);
  const chosen = chooseFiles(item.annexes, fields);
  return {
    title: titleOf(text('title') ?? item.title, item.id),
    type: text('type') ?? required('type', defaults.type),
    subtype: text('subtype') ?? required('subtype', defaults.subtype),
    ...named(chosen),
    visibility: text('visibility') as Visibility | null ?? defaults.visibility,
    deadline: text('deadline')?.slice(0, '2027-03-01'.length) ?? null,
    publicAnnotation: text('publicAnnotation'),
    privateAnnotation: text('privateAnnotation'),
    emitter: text('emitter'),
    xpath: text('xpath') as XmlPlace | null,
    expects: text('expects') as Expectation | null ?? defaults.expects,
    metadata: metadataOf(fields),
  };
}

/** A folder has one line for its title; a line break in it broke a partner (contracts/iparapheur.md §2.4). */
function titleOf(wanted: string, fallback: string): string {
  const line = wanted.replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ').replace(/[\p{Cs}\uFFFE\uFFFF]/gu, '').trim();
  const cut = Array.from(line).slice(0, signatureFields['title']?.maxLength).join('').trimEnd();
  return cut === '' ? fallback : cut;
}

/** A field that is mapped; an empty text says nothing. Values were checked against the declared ones before. */
function textOf(name: string, fields: Fields): string | null {
  const value = fields[name] ?? null;
  if (value === null || typeof value === 'object') return null;
  const text = String(value).trim();
  if (text === '') return null;
  const { values } = signatureFields[name] ?? {};
  if (values !== undefined && !values.includes(text)) throw new Refused(`Field «${name}»: found «${text}», expected one of ${values.join(', ')}.`);
  return text;
}

function required(name: string, fallback: string | undefined): string {
  if (fallback !== undefined) return fallback;
  throw new Refused(`Field «${name}»: found nothing, expected a name of the signature book. Map it in the step, or give «${name}» in the settings of the connector.`);
}

function metadataOf(fields: Fields): Record<string, string> {
  return Object.fromEntries(Object.entries(fields)
    .filter(([name, value]) => name.startsWith(METADATA_PREFIX) && name !== METADATA_PREFIX && value !== null)
    .map(([name, value]) => [name.slice(METADATA_PREFIX.length), wordsOf(value)]));
}

function wordsOf(value: FieldValue): string {
  return Array.isArray(value) ? value.join(', ') : String(value);
}

function named({ main, supplementary, annexes, visual, detachedSignature }: ChosenFiles): Pick<SignatureFolder, keyof ChosenFiles> {
  const name = uniqueFilenames();
  const file = (annex: Annex): FolderFile => ({ annex, filename: name(annex) });
  return {
    main: file(main),
    supplementary: supplementary.map(file),
    annexes: annexes.map(file),
    visual: visual === null ? null : file(visual),
    detachedSignature: detachedSignature === null ? null : file(detachedSignature),
  };
}

import { proveAnnex } from '../../src/connector-api/annex-content.js';
import type { ConnectorContext, Probe, Receipt, Submission } from '../../src/connector-api/connector.js';
import { Misconfigured, OutcomeUnknown, Refused } from '../../src/connector-api/failures.js';
import { fileNamed } from '../../src/connector-api/named-files.js';
import type { Annex } from '../../src/domain/item.js';
import { textOf, type CmisObject, type TypeDefinition } from './answers.js';
import { cmisClient, idOf, type CmisClient, type Property } from './client.js';
import type { CmisSettings } from './config.js';
import { quoted, versionMark } from './names.js';
import { definitionOf, definitionsOf, propertiesOf } from './properties.js';
import { hasVersion, makeVersion } from './versions.js';

interface Prepared {
  readonly client: CmisClient;
  readonly object: CmisObject;
  readonly types: readonly TypeDefinition[];
  readonly properties: readonly Property[];
  readonly annex: Annex | null;
  readonly mark: string;
  /** Null where versions tell it: the key property of one that has none. */
  readonly keyProperty: string | null;
  readonly isDone: boolean;
}

/** Makes a new version of a document, once: a version with our mark in its comment is not made again. One without versions is written
 * over, and our mark into its key property. */
export async function updateDocument(submission: Submission, settings: CmisSettings, context: ConnectorContext): Promise<Receipt> {
  const prepared = await prepare(submission, settings, context);
  const { client, object, annex, properties, mark, keyProperty, isDone } = prepared;
  if (annex !== null) await proveAnnex(annex, context);
  if (annex === null && properties.length === 0) throw new Refused('There is nothing to update: the item has no file, and no property is mapped.');
  if (isDone) return receiptOf(object);
  await context.markSent();
  const file = annex === null ? null : { annex, name: textOf(object, 'cmis:name') ?? annex.filename };
  if (keyProperty !== null) return receiptOf(await writeOver(client, object, file, [...properties, { id: keyProperty, values: [mark], multi: false }]));
  const { comment, major } = submission.fields;
  const words = typeof comment === 'string' && comment.trim() !== '' ? `${comment.trim()} ${mark}` : mark;
  return receiptOf(await makeVersion(client, idOf(object), { major: major !== false, comment: words, properties, file }, settings, context));
}

export async function findUpdated(submission: Submission, settings: CmisSettings, context: ConnectorContext): Promise<Probe> {
  const { object, isDone } = await prepare(submission, settings, context);
  const { foundAs } = submission;
  if (foundAs !== undefined && (foundAs !== seriesOf(object) || !isDone)) throw new Refused(`«${foundAs}» is not what this delivery made of the document «${seriesOf(object)}».`);
  return isDone ? { found: receiptOf(object) } : 'absent';
}

async function prepare(submission: Submission, settings: CmisSettings, context: ConnectorContext): Promise<Prepared> {
  const client = cmisClient(settings, context);
  const { item, fields } = submission;
  const object = await namedDocument(submission, settings, client);
  const aspects = object.succinctProperties['cmis:secondaryObjectTypeIds'];
  const types = await definitionsOf(client, [textOf(object, 'cmis:objectTypeId') ?? 'cmis:document', ...Array.isArray(aspects) ? aspects.map(String) : []]);
  const mark = versionMark(submission);
  const isVersionable = types[0]?.versionable === true;
  const keyProperty = isVersionable ? null : requireKey(settings, types);
  const isDone = keyProperty === null ? await hasVersion(client, idOf(object), mark) : textOf(object, keyProperty) === mark;
  const annex = fileNamed('mainDocument', item.annexes, fields) ?? item.annexes[0] ?? null;
  return { client, object, types, annex, mark, keyProperty, isDone, properties: propertiesOf(fields, types) };
}

function requireKey({ key }: CmisSettings, types: readonly TypeDefinition[]): string {
  if (key !== undefined && definitionOf(key.property, types) !== undefined) return key.property;
  throw new Misconfigured('The document has no versions, and no property that Relais could write its key into: a repeat would not be seen. Give the setting key a property that the document has.');
}

/** The latest version of the document that an update is about. Throws Refused where there is none. */
async function namedDocument({ item, fields }: Submission, { namedBy }: CmisSettings, client: CmisClient): Promise<CmisObject> {
  const { document } = fields;
  const [name, from] = typeof document === 'string' && document.trim() !== '' ? [document.trim(), 'field «document»'] : [item.externalIdentifier.trim(), 'external identifier of the item'];
  if (name === '') throw new Refused('It is not said which document is to be updated: map the field document, or give the item an external identifier.');
  const found = namedBy === 'objectId' ? await client.object({ objectId: name }, true)
    : namedBy === 'path' ? await client.object({ path: name.split('/').filter((part) => part !== '') })
      : await byProperty(client, namedBy.slice('property:'.length), name);
  if (found === null) throw new Refused(`The repository has no document «${name}» (${from}), or does not show it to the account of Relais.`);
  if (textOf(found, 'cmis:baseTypeId') !== 'cmis:document') throw new Refused(`«${name}» (${from}) is no document in the repository.`);
  return found;
}

async function byProperty(client: CmisClient, property: string, value: string): Promise<CmisObject | null> {
  const [first, second] = await client.query(`SELECT * FROM cmis:document WHERE ${property} = ${quoted(value)}`);
  if (second !== undefined) throw new Refused(`The repository has several documents whose «${property}» is «${value}».`);
  return first === undefined ? null : client.object({ objectId: idOf(first) }, true);
}

/** Content first: the key says that all was written. */
async function writeOver(client: CmisClient, object: CmisObject, file: { readonly annex: Annex; readonly name: string } | null, properties: readonly Property[]): Promise<CmisObject> {
  const objectId = idOf(object);
  const written = file === null ? object : await client.act({ action: 'setContent', objectId, controls: { overwriteFlag: 'true' }, file });
  return client.act({ action: 'update', objectId: idOf(written), properties });
}

/** The name that stays the same over its versions. */
function seriesOf(object: CmisObject): string {
  const id = textOf(object, 'cmis:versionSeriesId') ?? textOf(object, 'cmis:objectId');
  if (id === null) throw new OutcomeUnknown('The repository answered without the identifier of the document.');
  return id;
}

function receiptOf(object: CmisObject): Receipt {
  const reference = seriesOf(object);
  return { reference, state: 'done', results: { fields: { objectId: reference, versionLabel: textOf(object, 'cmis:versionLabel') } } };
}

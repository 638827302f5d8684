import { proveAnnex } from '../../src/connector-api/annex-content.js';
import type { ConnectorContext, Probe, Receipt, Submission } from '../../src/connector-api/connector.js';
import { Refused } from '../../src/connector-api/failures.js';
import { textOf } from './answers.js';
import { cmisClient, idOf, type CmisClient, type Property } from './client.js';
import type { CmisSettings } from './config.js';
import { findFolder, makeFolder } from './folders.js';
import { locate, type Standing } from './locate.js';
import { versionMark } from './names.js';
import { planOf, type Plan, type PlannedDocument } from './plan.js';
import { definitionsOf, propertiesOf, requireKeyProperty } from './properties.js';
import { makeVersion } from './versions.js';

interface Work {
  readonly client: CmisClient;
  readonly settings: CmisSettings;
  readonly context: ConnectorContext;
  readonly plan: Plan;
  readonly mark: string;
  /** Of the main document, and of the others. */
  readonly main: readonly Property[];
  readonly others: readonly Property[];
}

/** Files an item as documents, once: those with our key that are there already are left alone, so that it may be repeated at any point. */
export async function createDocument(submission: Submission, settings: CmisSettings, context: ConnectorContext): Promise<Receipt> {
  const plan = planOf(submission, settings);
  for (const { annex } of plan.documents) await proveAnnex(annex, context);
  const work = await prepare(submission, plan, settings, context);
  const folder = await findFolder(work.client, plan.paths);
  const before: Standing[] = [];
  for (const document of plan.documents) before.push(await standingOf(work, document));
  const there = before.at(-1);
  if (there !== undefined && 'id' in there && before.every((standing) => 'id' in standing)) return receiptOf(there.id);
  await context.markSent();
  const folderId = folder ?? await makeFolder(work.client, plan.paths, settings);
  let id = '';
  for (const [index, document] of plan.documents.entries()) {
    context.signal.throwIfAborted();
    const standing = before[index] ?? { free: document.name };
    id = 'id' in standing ? standing.id : await bring(work, folderId, document, standing);
  }
  return receiptOf(id);
}

/** Found where the main document is there, which is brought last. */
export async function findCreated(submission: Submission, settings: CmisSettings, context: ConnectorContext): Promise<Probe> {
  const plan = planOf(submission, settings);
  const client = cmisClient(settings, context);
  const { foundAs } = submission;
  if (foundAs !== undefined) return { found: receiptOf(await proved(client, foundAs, plan.main, settings)) };
  await findFolder(client, plan.paths);
  const standing = await locate(client, plan.paths.path, plan.main, versionMark(submission), settings).catch((error: unknown) => {
    // A name that is taken by somebody else is not ours; what happens then is for the next attempt.
    if (error instanceof Refused) return null;
    throw error;
  });
  return standing !== null && 'id' in standing ? { found: receiptOf(standing.id) } : 'absent';
}

async function proved(client: CmisClient, foundAs: string, { key, name }: PlannedDocument, settings: CmisSettings): Promise<string> {
  const object = await client.object({ objectId: foundAs });
  if (object === null) throw new Refused(`The repository has no document «${foundAs}».`);
  const isOurs = settings.key === undefined ? textOf(object, 'cmis:name') === name : textOf(object, settings.key.property) === key;
  if (!isOurs) throw new Refused(`Document «${foundAs}» is not this delivery: ${settings.key === undefined ? `it is not called «${name}»` : `its property «${settings.key.property}» is not «${key}»`}.`);
  return idOf(object);
}

async function prepare({ fields, ...submission }: Submission, plan: Plan, settings: CmisSettings, context: ConnectorContext): Promise<Work> {
  const client = cmisClient(settings, context);
  const type = typeof fields['type'] === 'string' && fields['type'] !== '' ? fields['type'] : settings.type;
  const aspects = Array.isArray(fields['aspects']) ? fields['aspects'] as readonly string[] : settings.aspects;
  const keyAspects = settings.key?.aspect === undefined ? [] : [settings.key.aspect];
  const used = [...new Set([...aspects, ...keyAspects])];
  const types = await definitionsOf(client, [type, ...used]);
  requireKeyProperty(types, settings);
  requireKeyProperty(await definitionsOf(client, [settings.annexType, ...keyAspects]), settings);
  return {
    client, settings, context, plan, mark: versionMark(submission),
    main: [...typed(type, used), ...propertiesOf(fields, types)], others: typed(settings.annexType, keyAspects),
  };
}

function typed(type: string, aspects: readonly string[]): readonly Property[] {
  const primary = { id: 'cmis:objectTypeId', values: [type], multi: false };
  return aspects.length === 0 ? [primary] : [primary, { id: 'cmis:secondaryObjectTypeIds', values: aspects, multi: true }];
}

function standingOf({ client, plan, mark, settings }: Work, document: PlannedDocument): Promise<Standing> {
  return locate(client, plan.paths.path, document, mark, settings);
}

async function bring(work: Work, folderId: string, document: PlannedDocument, standing: Exclude<Standing, { readonly id: string }>): Promise<string> {
  const { client, settings, context } = work;
  const { annex, key, isMain } = document;
  const own: readonly Property[] = settings.key === undefined ? [] : [{ id: settings.key.property, values: [key], multi: false }];
  const properties = [...isMain ? work.main : work.others, ...own];
  if ('versionOf' in standing) {
    const changed = properties.filter(({ id }) => id !== 'cmis:objectTypeId' && id !== 'cmis:secondaryObjectTypeIds' && id !== settings.key?.property);
    return idOf(await makeVersion(client, standing.versionOf, { major: true, comment: work.mark, properties: changed, file: { annex, name: document.name } }, settings, context));
  }
  const made = await client.tryTo({
    action: 'createDocument', objectId: folderId, properties: [...properties, { id: 'cmis:name', values: [standing.free], multi: false }], file: { annex, name: standing.free },
  });
  if (!('failure' in made)) return idOf(made);
  if (made.exception !== 'nameConstraintViolation' && made.exception !== 'constraint' && made.exception !== 'contentAlreadyExists') throw made.failure;
  // Somebody may have taken the name meanwhile: another attempt of this delivery, perhaps.
  const since = await standingOf(work, document);
  if ('id' in since) return since.id;
  if ('free' in since && since.free === standing.free) throw made.failure;
  return bring(work, folderId, document, since);
}

function receiptOf(reference: string): Receipt {
  return { reference, state: 'done', results: { fields: { objectId: reference } } };
}

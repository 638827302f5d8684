import type { ConnectorContext } from '../../src/connector-api/connector.js';
import { Misconfigured, nothingSent, Refused } from '../../src/connector-api/failures.js';
import { SoapFault } from '../../src/soap-client/soap-fault.js';
import type { SignatureFolder } from '../../src/signature-book/folder.js';
import { METADATA_PREFIX } from '../../src/signature-book/fields.js';
import { requiredMetadataAnswer, subtypesAnswer, typesAnswer, type RequiredMetadata } from './answers.js';
import type { IParapheurSettings } from './config.js';
import { ask, read, WHO, type ServiceContext } from './service.js';

/** Types and the like change a few times a year. */
const FRESH_MS = 10 * 60_000;

/** What is missing may have been added since: it is asked for again, but not for each of a thousand folders. */
const RECENT_MS = 30_000;

/** Names that a message lists. */
const SHOWN = 30;

type Context = ServiceContext & Pick<ConnectorContext, 'clock'>;

interface Known<Value> {
  readonly at: number;
  readonly value: Value;
}

/** Per settings, so that a reload forgets. */
const known = new WeakMap<IParapheurSettings, Map<string, Known<unknown>>>();

export function listTypes(settings: IParapheurSettings, context: Context, freshMs = FRESH_MS): Promise<readonly string[]> {
  return remember('types', freshMs, settings, context, async () => (await read('GetListeTypes', undefined, typesAnswer, settings, context)).TypeTechnique);
}

export function listSubtypes(type: string, settings: IParapheurSettings, context: Context, freshMs = FRESH_MS): Promise<readonly string[]> {
  return remember(`subtypes of ${type}`, freshMs, settings, context, async () => (await read('GetListeSousTypes', type, subtypesAnswer, settings, context)).SousType);
}

/** Throws, before anything is sent, for a type or sub-type that is not offered and for a metadata that is missing: Misconfigured where the
 * settings name it, Refused where the step does. */
export async function requireKnown(folder: SignatureFolder, settings: IParapheurSettings, context: Context): Promise<void> {
  const { type, subtype } = folder;
  await requireAmong('type', type, settings.type, (freshMs) => listTypes(settings, context, freshMs));
  await requireAmong('subtype', subtype, settings.subtype, (freshMs) => listSubtypes(type, settings, context, freshMs));
  const missing = (await listRequired(folder, settings, context)).filter(({ obligatoire, nomCourt }) => obligatoire && (folder.metadata[nomCourt] ?? '').trim() === '');
  if (missing.length === 0) return;
  const names = missing.map(({ nomCourt, nomLong, nature }) => `«${METADATA_PREFIX}${nomCourt}» (${[nomLong, nature].filter((word) => word !== '').join(', ')})`);
  throw new Refused(`${WHO} wants metadata for «${type} / ${subtype}» that the step does not give: ${names.join(', ')}. Map ${missing.length === 1 ? 'it' : 'them'}.`);
}

async function requireAmong(field: 'type' | 'subtype', wanted: string, configured: string | undefined, list: (freshMs?: number) => Promise<readonly string[]>): Promise<void> {
  if ((await list()).includes(wanted)) return;
  const offered = await list(RECENT_MS);
  if (offered.includes(wanted)) return;
  const names = offered.length === 0 ? 'none: ask its administrator for a type that the account may use' : `${offered.slice(0, SHOWN).map((name) => `«${name}»`).join(', ')}${offered.length > SHOWN ? ' …' : ''}`;
  const words = `Field «${field}»: found «${wanted}», which ${WHO} does not offer to this account. It offers ${names}.`;
  throw wanted === configured ? new Misconfigured(words) : new Refused(words);
}

/** None where the service is too old to tell (contracts/iparapheur.md §1.4: since 4.x). */
function listRequired({ type, subtype }: SignatureFolder, settings: IParapheurSettings, context: Context): Promise<readonly RequiredMetadata[]> {
  return remember(`metadata of ${type} / ${subtype}`, FRESH_MS, settings, context, async () => {
    try {
      return (await ask('GetMetaDonneesRequisesPourTypeSoustype', { TypeTechnique: type, SousType: subtype }, requiredMetadataAnswer, settings, context)).MetaDonnee;
    } catch (error) {
      if (error instanceof SoapFault) return [];
      throw nothingSent(error);
    }
  });
}

async function remember<Value>(what: string, freshMs: number, settings: IParapheurSettings, { clock }: Context, find: () => Promise<Value>): Promise<Value> {
  const all = known.get(settings) ?? new Map<string, Known<unknown>>();
  known.set(settings, all);
  const last = all.get(what) as Known<Value> | undefined;
  if (last !== undefined && clock.now() - last.at < freshMs) return last.value;
  const value = await find();
  all.set(what, { at: clock.now(), value });
  return value;
}

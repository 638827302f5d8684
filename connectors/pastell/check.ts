import type { ConnectorContext } from '../../src/connector-api/connector.js';
import { checkFailed, Misconfigured } from '../../src/connector-api/failures.js';
import type { PastellSettings } from './config.js';
import { listDocuments } from './documents.js';
import { firstAction, usualAdvance } from './route.js';
import { openSession, valueOf, type Session } from './session.js';
import { associations, entity, shaped } from './shapes.js';

/** The account, the version, the entity; and the document types: those that the settings name must be usable, and one in any case. A town that only signs needs no
 * other. Reads a list of each, which needs the right on it. */
export async function check(settings: PastellSettings, context: ConnectorContext): Promise<void> {
  try {
    const session = openSession(settings, context);
    session.forget();
    await session.release();
    shaped(entity, valueOf(await session.api.call({ method: 'GET', path: ['entite', settings.entity] }), `to show the entity ${settings.entity}`));
    const problems: string[] = [];
    const kinds = kindsOf(settings);
    for (const kind of kinds) problems.push(...await problemsOf(session, kind));
    if (problems.length === kinds.length) throw new Misconfigured(problems[0]);
    for (const problem of problems) context.logger.warn('A document type of Pastell cannot be used', { reason: problem });
  } catch (error) {
    throw checkFailed(error, 'Pastell could not be tried.');
  }
}

/** Types of the settings where they say nothing. */
const USUAL: ReadonlySet<string> = new Set(['actes-generique', 'helios-generique', 'pdf-generique', 'document-a-signer']);

interface Kind {
  readonly type: string;
  readonly action: string;
  /** Of the connectors that the stages need over there (contracts/pastell.md §7). */
  readonly families: readonly string[];
}

interface Stages {
  readonly sign: boolean;
  readonly transmit?: boolean;
  readonly deposit: boolean;
  readonly archive?: boolean;
  readonly mail?: boolean;
}

const FAMILIES = [['sign', 'signature'], ['transmit', 'TdT'], ['deposit', 'GED'], ['archive', 'SAE'], ['mail', 'mailsec']] as const;

function kindsOf({ acts, flows, pdf, signing }: PastellSettings): readonly Kind[] {
  return [kindOf(acts, acts), kindOf(flows, flows), kindOf(pdf, pdf), kindOf(signing, { sign: true, deposit: signing.deposit })];
}

function kindOf({ type, advance = usualAdvance(type) }: Pick<PastellSettings['acts'], 'type' | 'advance'>, stages: Stages): Kind {
  const route = { sign: stages.sign, transmit: stages.transmit ?? false, deposit: stages.deposit, archive: stages.archive ?? false, mail: stages.mail ?? false, advance };
  return { type, action: firstAction(route), families: FAMILIES.filter(([stage]) => route[stage]).map(([, family]) => family) };
}

async function problemsOf(session: Session, { type, action, families }: Kind): Promise<readonly string[]> {
  try {
    await session.fieldsOf(type);
    if (!(await session.actionsOf(type)).has(action)) throw new Misconfigured(`Documents of type «${type}» have no action «${action}»: check «type» and «advance» in the settings.`);
    await listDocuments(session, type, { search: 'no such title', lastetat: 'creation' });
    await requireFamilies(session, type, families);
    return [];
  } catch (error) {
    if (error instanceof Misconfigured && USUAL.has(type)) return [error.message];
    throw error;
  }
}

/** Without its connector an action fails for good. Where the account may not see associations, that is found out later. */
async function requireFamilies({ api, entity: number }: Session, type: string, families: readonly string[]): Promise<void> {
  const answer = await api.call({ method: 'GET', path: ['entite', number, 'flux'], query: [['flux', type]] });
  if (!answer.ok) return;
  const linked = shaped(associations, answer.value).filter(({ flux }) => flux === type).map((one) => one.type.toLowerCase());
  const missing = families.filter((family) => !linked.includes(family.toLowerCase()));
  if (missing.length > 0) throw new Misconfigured(`Documents of type «${type}» have no connector of the family «${missing.join('», «')}» in the entity ${number}: ask the administrator of Pastell to associate one.`);
}

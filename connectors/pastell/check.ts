import type { ConnectorContext } from '../../src/connector-api/connector.js';
import { checkFailed, Misconfigured } from '../../src/connector-api/failures.js';
import type { PastellSettings } from './config.js';
import { listDocuments } from './documents.js';
import { firstAction, usualAdvance } from './route.js';
import { openSession, valueOf, type Session } from './session.js';
import { entity, shaped } from './shapes.js';

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
    for (const problem of problems) context.logger.info('A document type of Pastell cannot be used', { reason: problem });
  } catch (error) {
    throw checkFailed(error, 'Pastell could not be tried.');
  }
}

/** Types of the settings where they say nothing. */
const USUAL: ReadonlySet<string> = new Set(['actes-generique', 'helios-generique', 'pdf-generique', 'document-a-signer']);

interface Kind {
  readonly type: string;
  readonly action: string;
}

function kindsOf({ acts, flows, pdf, signing }: PastellSettings): readonly Kind[] {
  const action = (type: string, advance = usualAdvance(type), stages: { readonly sign: boolean; readonly transmit?: boolean; readonly deposit: boolean; readonly archive?: boolean; readonly mail?: boolean }): Kind => ({
    type, action: firstAction({ transmit: false, archive: false, mail: false, ...stages, advance }),
  });
  return [action(acts.type, acts.advance, acts), action(flows.type, flows.advance, flows), action(pdf.type, pdf.advance, pdf), action(signing.type, signing.advance, { sign: true, deposit: signing.deposit })];
}

async function problemsOf(session: Session, { type, action }: Kind): Promise<readonly string[]> {
  try {
    await session.fieldsOf(type);
    if (!(await session.actionsOf(type)).has(action)) throw new Misconfigured(`Documents of type «${type}» have no action «${action}»: check «type» and «advance» in the settings.`);
    await listDocuments(session, type, { search: 'no such title', lastetat: 'creation' });
    return [];
  } catch (error) {
    if (error instanceof Misconfigured && USUAL.has(type)) return [error.message];
    throw error;
  }
}

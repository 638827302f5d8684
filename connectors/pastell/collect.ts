import type { Announcement, Arrival, Collecting, ResultDocument } from '../../src/connector-api/connector.js';
import { Refused } from '../../src/connector-api/failures.js';
import { NoRight } from './api.js';
import type { PastellSettings } from './config.js';
import { fetchAll } from './download.js';
import { listDocuments, readDocument } from './documents.js';
import { inParis } from './local-time.js';
import { openSession } from './session.js';
import { textOf, type Detail } from './shapes.js';

/** Documents that Pastell makes of what the treasury returns (contracts/pastell.md §5.5). */
const TYPE = 'helios-pes-retour';

/** What came earlier was collected, or came before there was a Relais. */
const LOOKED_BACK_MS = 60 * 24 * 3_600_000;

/** PES_Retour files that wait in Pastell. Nothing is changed over there: Relais remembers what it has. */
export const collectReturns: Collecting<PastellSettings> = {
  async list(settings, context): Promise<readonly Announcement[]> {
    const rows = await listDocuments(openSession(settings, context), TYPE, { last_state_begin: inParis(context.clock.now() - LOOKED_BACK_MS) }).catch(refused);
    return rows.map(({ id }) => ({ key: `${TYPE}/${settings.entity}/${id}`, data: { id } }));
  },
  async fetch({ data }, settings, context): Promise<Arrival | 'gone'> {
    const session = openSession(settings, context);
    const document = await readDocument(session, idOf(data));
    if (document === null) return 'gone';
    const files = await fetchAll(session, document, 'fichier_pes', context);
    // A document is made before its file is put there. What is kept once is kept for good, so that an empty one would stay the last word.
    if (files.length === 0) throw new Refused(`The PES_Retour «${document.id}» has no file in Pastell yet.`);
    return arrivalOf(document, files.map(({ filename, ...file }): ResultDocument => ({ title: filename, filename, ...file, role: 'report' })));
  },
  kept: () => Promise.resolve(),
};

/** A right on this one type that is missing is no reason to hold back acts and flows. */
function refused(error: unknown): never {
  throw error instanceof NoRight ? new Refused(error.message, { cause: error }) : error;
}

function idOf(data: unknown): string {
  return typeof data === 'object' && data !== null && 'id' in data && typeof data.id === 'string' ? data.id : '';
}

function arrivalOf(document: Detail, documents: readonly ResultDocument[]): Arrival {
  const title = document.title === '' ? documents[0]?.filename ?? document.id : document.title;
  const facts = { document: document.id, transaction: textOf(document, 'id_retour'), receivedOn: textOf(document, 'date_tdt') };
  return { kind: 'pes-retour', title, fields: Object.fromEntries(Object.entries(facts).filter(([, value]) => value !== '')), documents };
}

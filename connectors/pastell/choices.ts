import type { ConnectorContext } from '../../src/connector-api/connector.js';
import { OutcomeUnknown } from '../../src/connector-api/failures.js';
import { startOfAnswer } from '../../src/connector-api/http-failure.js';
import { classificationOf } from '../../src/formats/actes/read-classification.js';
import { MOST_BYTES } from '../../src/formats/business-xml.js';
import { FormatError } from '../../src/formats/format-error.js';
import { ACT_NATURES } from '../../src/tele-transmission/fields.js';
import type { PastellSettings } from './config.js';
import { openSession, type Session } from './session.js';
import { associations, shaped } from './shapes.js';

/** What fields can take now: natures; matters and typologies as the connector of tele-transmission over there has them; sub-types of the signature book (version 4.0.15
 * or later). What the account may not read is left out. */
export async function choicesOf(settings: PastellSettings, context: ConnectorContext): Promise<Readonly<Record<string, readonly string[]>>> {
  const session = openSession(settings, context);
  const found = await linkOf(session, settings.acts.type, 'TdT');
  const classification = found === null ? null : await classificationAt(session, found);
  const book = await linkOf(session, settings.signing.type, 'signature');
  const subtypes = book === null ? [] : await subtypesAt(session, book);
  return {
    nature: classification?.natures.map(({ code }) => code) ?? ACT_NATURES,
    ...(classification !== null && { classification: [...classification.matters.keys()], typology: [...new Set(classification.natures.flatMap(({ typologies }) => typologies.map(({ code }) => code)))] }),
    ...(subtypes.length > 0 && { subtype: subtypes }),
  };
}

/** The connector of a family that a document type uses in the entity; null where there is none, or it is not told. */
async function linkOf({ api, entity }: Session, type: string, family: string): Promise<string | null> {
  const answer = await api.call({ method: 'GET', path: ['entite', entity, 'flux'], query: [['flux', type], ['type', family]] });
  if (!answer.ok) return null;
  return shaped(associations, answer.value).find((one) => one.flux === type && one.type.toLowerCase() === family.toLowerCase())?.id_ce ?? null;
}

async function classificationAt({ api, entity }: Session, connector: string): Promise<ReturnType<typeof classificationOf> | null> {
  try {
    const got = await api.download(['entite', entity, 'connecteur', connector, 'file', 'classification_file']);
    return got.ok ? classificationOf(await startOfAnswer(got.answer, MOST_BYTES)) : null;
  } catch (error) {
    // Not every version has that file, and what is offered decides nothing.
    if (error instanceof FormatError || error instanceof OutcomeUnknown) return null;
    throw error;
  }
}

async function subtypesAt({ api, entity }: Session, connector: string): Promise<readonly string[]> {
  const answer = await api.call({ method: 'GET', path: ['entite', entity, 'connecteur', connector, 'externalData', 'iparapheur_sous_type'] });
  // Versions before 4.0.15 answer with something else.
  return answer.ok && Array.isArray(answer.value) ? answer.value.filter((name) => typeof name === 'string') : [];
}

import type { ConnectorContext } from '../../src/connector-api/connector.js';
import { Refused } from '../../src/connector-api/failures.js';
import { readDocument } from './documents.js';
import { fetchFile } from './download.js';
import type { Plan } from './plan.js';
import type { Session } from './session.js';
import { filesOf, type Detail } from './shapes.js';
import { isDraft } from './states.js';

/** The document under whose id an operator found a delivery, once it is proved to be what would have been made: by its mark, its number or its NomFic, or by
 * the bytes of its main file, whatever people changed beside them. Throws Refused, saying why, where it is not. */
export async function confirm(session: Session, plan: Plan, foundAs: string, context: ConnectorContext): Promise<Detail> {
  const id = foundAs.trim();
  const document = await readDocument(session, id);
  if (document === null) throw new Refused(`Pastell shows this account no document «${id}» of the entity ${session.entity}.`);
  if (document.type !== plan.type) throw new Refused(`The document «${id}» in Pastell is of type «${document.type}», and this delivery makes «${plan.type}»: it cannot be followed as such.`);
  if (await plan.recognition.judge(document, () => Promise.resolve(document)) === 'other' && !await hasOurFile(session, document, plan, context)) {
    throw new Refused(`The document «${id}» in Pastell («${document.title}») is another one than that of this delivery: neither what it is recognised by nor its main file is ours.`);
  }
  if (isDraft(document.state)) throw new Refused(`The document «${id}» lies in Pastell as a draft: nothing of it has left. Start it there, then retry, and it is followed; or remove it there, and send this delivery again.`);
  return document;
}

async function hasOurFile(session: Session, document: Detail, { files: [main] }: Plan, context: ConnectorContext): Promise<boolean> {
  const [there] = main === undefined ? [] : filesOf(document, main.field);
  return there !== undefined && (await fetchFile(session, document.id, there, context)).sha256 === main?.annex.sha256;
}

import type { ConnectorContext } from '../../src/connector-api/connector.js';
import { Refused } from '../../src/connector-api/failures.js';
import { classifyAct, giveTypologies } from './act-plan.js';
import { refusalOf } from './api.js';
import type { PastellSettings } from './config.js';
import { chooseExternal, documentPath, editDocument } from './documents.js';
import type { Plan } from './plan.js';
import { flagsOf } from './route.js';
import { sendFile } from './send-file.js';
import type { Session } from './session.js';
import { filesOf, isTrue, textOf, type Detail } from './shapes.js';

/** Fills a draft in, in the order that Pastell needs (contracts/pastell.md §4.3, §8): what it is recognised by in the first call; files before typologies.
 * May be done again. Throws Refused where the form is not complete, with the words of Pastell. */
export async function fillDraft(session: Session, id: string, plan: Plan, settings: PastellSettings, context: ConnectorContext): Promise<void> {
  const fields = { ...plan.fields, ...flagsOf(plan.route, await session.fieldsOf(plan.type)) };
  const { content } = await editDocument(session, id, fields);
  session.bare.delete(plan.key);
  requireTaken(fields, content);
  if (plan.act !== null) await classifyAct(session, id, plan.act);
  for (const file of plan.files) await sendFile(session, id, file, settings, context);
  await removeOthers(session, id, plan, content);
  if (plan.route.sign && plan.subtype !== null) await chooseExternal(session, id, 'iparapheur_sous_type', [['iparapheur_sous_type', plan.subtype]]);
  if (plan.act !== null) await giveTypologies(session, id, plan, plan.act);
  await requireComplete(session, id, plan);
}

/** §4.2: unknown fields are dropped silently, so that what came back is compared with what was sent. */
function requireTaken(sent: Readonly<Record<string, string>>, content: Detail): void {
  for (const [field, value] of Object.entries(sent)) {
    const back = textOf(content, field);
    const isTaken = value === '' ? !isTrue(back) : plain(back) === plain(value) || (value === '1' && isTrue(back));
    if (!isTaken) throw new Refused(`Pastell did not take the field «${field}» of the document: it was sent «${value}» and shows «${back}». Documents of type «${content.type}» may lack that field: check the document type in the settings.`);
  }
}

function plain(text: string): string {
  return text.normalize('NFC').replace(/\s+/gu, ' ').trim();
}

/** Files of an attempt before this one, when the item had more of them: from the last on, because those behind one that goes move up (§2). */
async function removeOthers(session: Session, id: string, { files, lists }: Plan, content: Detail): Promise<void> {
  for (const list of lists) {
    const count = files.filter(({ field }) => field === list).length;
    for (const { field, number } of filesOf(content, list).filter((file) => file.number >= count).toReversed()) {
      const answer = await session.api.call({ method: 'DELETE', path: documentPath(session, id, 'file', field, number) });
      if (!answer.ok && answer.status !== 404) throw refusalOf(answer, `to remove a file of an earlier attempt from «${field}»`);
    }
  }
}

/** §3: an incomplete form is no error over there. Told by an edit that changes nothing. */
async function requireComplete(session: Session, id: string, { titleField, fields }: Plan): Promise<void> {
  const { isComplete, message } = await editDocument(session, id, { [titleField]: fields[titleField] ?? '' });
  if (!isComplete) throw new Refused(`Pastell does not find the document complete: ${message === '' ? 'it does not say why' : message.replace(/\.$/, '')}. Correct the mapping of the step, the item, or the settings of the connector, then retry; the draft is continued.`);
}

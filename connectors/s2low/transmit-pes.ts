import type { ConnectorContext, Probe, Receipt, Submission } from '../../src/connector-api/connector.js';
import { OutcomeUnknown, Refused } from '../../src/connector-api/failures.js';
import { chooseAndReadPes } from '../../src/tele-transmission/pes.js';
import { plainWords } from './answer-text.js';
import { createApi, notAnAnswer, type Api } from './api.js';
import { afterTheMark, beforeTheMark } from './before-the-mark.js';
import type { S2lowSettings } from './config.js';
import { confirmPes } from './confirm-pes.js';
import { findByContent, findByName, uploadName } from './find-pes.js';
import { refusalIn } from './read-helios-status.js';
import { receiptOf } from './receipt.js';
import { readSmallXml, textOf } from './small-xml.js';

/** What the platform sends on without awaiting an answer, so that none has to be matched (contracts/s2low.md §5.2). */
const WITHOUT_ACQUIT_ROOT = 'PES_ACQUIT_RETOUR';

type Flow = Awaited<ReturnType<typeof prepare>>;

/** Posts a PES flow. The platform takes the same bytes once only, whoever posts them (§5.1): a repeat is refused, and the flow that is there is
 * taken for it where it can be found. OK only means that it was stored: all checks come later. */
export async function transmitPes(submission: Submission, settings: S2lowSettings, context: ConnectorContext): Promise<Receipt> {
  const flow = await prepare(submission, settings, context);
  const api = createApi(settings, context);
  await beforeTheMark(api.requireAccess());
  await context.markSent();
  const outcome = await post(api, flow);
  if ('transaction' in outcome) return pesReceipt(outcome.transaction, flow, context);
  if (/doublon/i.test(outcome.words)) return pesReceipt(await afterTheMark(duplicate(api, flow, outcome.words)), flow, context);
  throw await api.refusal(outcome.words);
}

/** Under the number that an operator gives, or by the name under which it would have been uploaded. Where the platform does not show its list, the flow
 * counts as absent: its own check makes a repeat harmless, and says whether it was there. */
export async function probePes(submission: Submission, settings: S2lowSettings, context: ConnectorContext): Promise<Probe> {
  const flow = await prepare(submission, settings, context);
  const api = createApi(settings, context);
  await api.requireAccess();
  if (submission.foundAs !== undefined) return { found: pesReceipt(await confirmPes(api, flow, submission.foundAs, context), flow, context) };
  const found = await findByName(api, flow.sha1);
  if (typeof found === 'object') return { found: pesReceipt(found.transaction, flow, context) };
  if (found === 'unknown') context.logger.info('S2LOW does not show its list of flows; a flow that is posted again is refused where it was there', { nomFic: flow.nomFic });
  return 'absent';
}

async function prepare(submission: Submission, settings: S2lowSettings, context: ConnectorContext) {
  const { annex, report } = await chooseAndReadPes(submission, settings, context);
  if (annex.size > settings.largestPes) throw new Refused(`«${annex.filename}» has ${annex.size} bytes; S2LOW takes ${settings.largestPes} at most.`);
  const { nomFic, codCol, sha1, root } = report;
  if (root === WITHOUT_ACQUIT_ROOT) return { annex, sha1, nomFic: nomFic ?? annex.filename, codCol: codCol ?? '' };
  if (nomFic === null || codCol === null) throw new Refused(`«${annex.filename}» has no NomFic or no CodCol: its acquit could not be told from others.`);
  return { annex, sha1, nomFic, codCol };
}

async function post(api: Api, { annex, sha1 }: Flow): Promise<{ readonly transaction: string } | { readonly words: string }> {
  const bytes = await api.send('/modules/helios/api/helios_importer_fichier.php', [{ name: 'enveloppe', annex, filename: uploadName(annex.filename, sha1) }]);
  // Account and rights are refused as text, everything else in XML.
  const refused = refusalIn(bytes);
  if (refused !== null) return { words: refused };
  const answer = readSmallXml(bytes, ['import'], api);
  if (answer === null) throw notAnAnswer(bytes, api.who);
  const [id, result] = [textOf(answer, 'id'), textOf(answer, 'resultat')];
  if (result === 'KO') return { words: plainWords(textOf(answer, 'message')) };
  if (result !== 'OK' || !/^\d{1,18}$/.test(id)) throw new OutcomeUnknown(`${api.who} took the flow without telling its number.`);
  return { transaction: id };
}

/** The number of the flow with the same bytes that is there already. */
async function duplicate(api: Api, { annex, sha1, nomFic }: Flow, words: string): Promise<string> {
  const found = await findByName(api, sha1);
  const transaction = typeof found === 'object' ? found.transaction : await findByContent(api, sha1, nomFic);
  if (transaction !== null) return transaction;
  throw new Refused(`S2LOW has these very bytes already («${words}»): «${annex.filename}» (NomFic ${nomFic}, SHA-1 ${sha1}) was posted before, by whomever, and it is not sent again. Its number is not shown to this account: look it up on S2LOW by the NomFic.`
    + ' If it is the same flow: relais deliveries settle <id> --reference <its number> --awaited, and its acquit is fetched; if that one failed over there, have the finance software make the file anew.');
}

function pesReceipt(transaction: string, { nomFic, codCol, sha1 }: Flow, { clock }: ConnectorContext): Receipt {
  return receiptOf({ kind: 'pes', transaction, nomFic, codCol, sha1, sentAt: clock.now() });
}

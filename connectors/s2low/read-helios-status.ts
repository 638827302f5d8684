import { OutcomeUnknown } from '../../src/connector-api/failures.js';
import { plainWords, readApiAnswer } from './answer-text.js';
import { notAnAnswer, type Api } from './api.js';
import { readSmallXml, textOf } from './small-xml.js';

export type HeliosStanding = { readonly status: number; readonly message: string } | { readonly refused: string };

/** Where a flow stands. A flow that was cancelled (status 0) is answered by KO, as one that is not known (contracts/s2low.md §5). Throws
 * Misconfigured where the account is not let in. */
export async function readHeliosStatus(api: Api, transaction: string): Promise<HeliosStanding> {
  const bytes = await api.read('/modules/helios/api/helios_transac_get_status.php', { transaction });
  const refused = refusalIn(bytes);
  if (refused !== null) {
    await api.requireAccess();
    return { refused };
  }
  const answer = readSmallXml(bytes, ['transaction'], api);
  if (answer === null) throw notAnAnswer(bytes, api.who);
  const message = plainWords(textOf(answer, 'message'));
  if (textOf(answer, 'resultat') !== 'OK') {
    await api.requireAccess();
    return { refused: message };
  }
  const status = textOf(answer, 'status');
  if (!/^-?\d{1,4}$/.test(status)) throw new OutcomeUnknown(`${api.who} answered without the status of flow ${transaction}.`);
  return { status: Number(status), message };
}

/** A KO that is no XML: rights or account. */
export function refusalIn(bytes: Buffer): string | null {
  const answer = readApiAnswer(bytes);
  return answer?.ok === false ? answer.words : null;
}

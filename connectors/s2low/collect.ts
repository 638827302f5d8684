import { z } from 'zod';
import type { Announcement, Arrival, Collecting, ConnectorContext } from '../../src/connector-api/connector.js';
import { OutcomeUnknown, Refused } from '../../src/connector-api/failures.js';
import { decodeText, plainWords, readApiAnswer } from './answer-text.js';
import { announced, listedLetter, type Announced, type AnnouncedLetter, type AnnouncedReturn } from './announced.js';
import { createApi, notAnAnswer, type Api } from './api.js';
import type { S2lowSettings } from './config.js';
import { fetchLetter } from './fetch-letter.js';
import { fetchReturn } from './fetch-return.js';
import { readJson } from './find-act.js';
import { refusalIn } from './read-helios-status.js';
import { childrenOf, readSmallXml, textOf } from './small-xml.js';

/** Letters of the prefecture and files of the treasury that nobody has read. They are marked as read only once they are kept here. */
export const collect: Collecting<S2lowSettings> = {
  kinds: ['prefecture-letter', 'pes-retour'],
  async list(settings, context) {
    const api = createApi(settings, context);
    // Each platform counts for itself: after a rehearsal on another one, the same number is another letter.
    const key = (name: string): string => `${new URL(settings.url).host}/${name}`;
    return [
      ...(settings.modules.includes('actes') ? (await unreadLetters(api)).map((one): Announcement => ({ key: key(`letter-${one.id}`), data: one })) : []),
      ...(settings.modules.includes('helios') ? (await unreadReturns(api)).map((one): Announcement => ({ key: key(`pes-retour-${one.id}`), data: one })) : []),
    ];
  },
  async fetch({ data }, settings, context) {
    const api = createApi(settings, context);
    const one = announced.parse(data);
    const arrival = one.kind === 'letter' ? await fetchLetter(one, api, settings, context) : await fetchReturn(one, api, settings, context);
    return arrival ?? await missing(one, api);
  },
  async kept({ data }, settings, context: ConnectorContext) {
    const api = createApi(settings, context);
    const one = announced.parse(data);
    await (one.kind === 'letter' ? markLetter(one.id, api) : markReturn(one.id, api));
  },
};

/** What cannot be fetched is gone only where it is announced no more: somebody else has read it. */
async function missing(one: Announced, api: Api): Promise<Arrival | 'gone'> {
  const still = one.kind === 'letter' ? await unreadLetters(api) : await unreadReturns(api);
  if (!still.some(({ id }) => id === one.id)) return 'gone';
  throw new OutcomeUnknown(`${api.who} announces ${one.kind === 'letter' ? 'the letter' : 'the PES_Retour'} ${one.id}, and does not give its file.`);
}

async function unreadLetters(api: Api): Promise<readonly AnnouncedLetter[]> {
  const bytes = await api.read('/modules/actes/api/list_document_prefecture.php');
  const refused = readApiAnswer(bytes);
  if (refused?.ok === false) throw await api.refusal(refused.words);
  return readJson(z.array(listedLetter), bytes, api);
}

/** The result is empty where all is well, and so is the list where nothing waits (§5). */
async function unreadReturns(api: Api): Promise<readonly AnnouncedReturn[]> {
  const bytes = await api.read('/modules/helios/api/helios_get_list.php');
  const refused = refusalIn(bytes);
  if (refused !== null) throw await api.refusal(refused);
  const list = readSmallXml(bytes, ['liste'], api);
  if (list === null) throw notAnAnswer(bytes, api.who);
  if (textOf(list, 'resultat') === 'KO') throw await api.refusal(plainWords(textOf(list, 'message')));
  return childrenOf(list, 'pes_retour').map((one) => {
    const id = textOf(one, 'id').trim();
    // Without its number one would stand for all others, and nothing is collected twice.
    if (!/^\d{1,18}$/.test(id)) throw notAnAnswer(bytes, api.who);
    return { kind: 'return', id, name: plainWords(textOf(one, 'nom')), date: textOf(one, 'date') };
  });
}

async function markLetter(id: string, api: Api): Promise<void> {
  const bytes = await api.read('/modules/actes/api/document_prefecture_mark_as_read.php', { transaction_id: id });
  const { result } = readJson(z.object({ result: z.string() }), bytes, api);
  if (result.toLowerCase() !== 'ok') throw new Refused(`S2LOW does not mark the letter ${id} as read: «${plainWords(decodeText(bytes))}».`);
}

/** The published documentation names the root otherwise than the platform does. */
async function markReturn(id: string, api: Api): Promise<void> {
  const bytes = await api.read('/modules/helios/api/helios_change_status.php', { id });
  const refused = refusalIn(bytes);
  if (refused !== null) throw await api.refusal(refused);
  const answer = readSmallXml(bytes, ['transaction', 'change'], api);
  if (answer === null) throw notAnAnswer(bytes, api.who);
  if (textOf(answer, 'resultat') === 'KO') throw await api.refusal(plainWords(textOf(answer, 'message')));
}

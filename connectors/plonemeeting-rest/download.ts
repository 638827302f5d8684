import type { Readable } from 'node:stream';
import { Refused } from '../../src/connector-api/failures.js';
import { answerWords } from '../../src/connector-api/http-failure.js';
import type { HttpAnswer } from '../../src/connector-api/http.js';
import { documentParts } from '../../src/plonemeeting/decision-documents.js';
import { ownAddress } from './address.js';
import type { Api } from './api.js';
import type { RestSettings } from './config.js';
import type { ItemElement } from './elements.js';
import { fetchElement } from './fetch-item.js';
import type { Session } from './session.js';

/** The largest that is waited for, for the time that a download gets. */
const LARGEST_FILE = 256 * 2 ** 20;

/** Bytes at an address that PloneMeeting gave, as the account sees them. */
async function openFile(api: Api, address: string, settings: RestSettings): Promise<HttpAnswer> {
  return await api.open({ path: ownAddress(address, settings.url), fileBytes: LARGEST_FILE });
}

/** Bytes of an annex; `gone` where it is not there any more. */
export async function openAnnex({ api }: Session, download: string, settings: RestSettings): Promise<Readable | 'gone'> {
  const answer = await openFile(api, download, settings);
  if (answer.status === 200) return answer.body;
  const rejected = await api.rejection(answer);
  if (rejected.status === 404 && rejected.isJson) return 'gone';
  throw await api.failure(rejected);
}

const TEMPLATES = { extra_include: 'pod_templates' };

/** A document, made now. It is offered to the user, and made as the account (contracts/plonemeeting-rest.md §8.8). */
export async function openDocument(session: Session, uid: string, templateId: string, user: string | null, settings: RestSettings): Promise<Readable | 'not-offered'> {
  const element = await fetchElement(session, uid, user, TEMPLATES);
  const output = typeof element === 'string' ? undefined : outputOf(element, templateId);
  if (output === undefined) return 'not-offered';
  const { api } = session;
  const answer = await openFile(api, output.url, settings);
  if (answer.status !== 200) throw await api.failure(await api.rejection(answer));
  if (!isMessage(answer, output.format)) return answer.body;
  const words = await answerWords(answer);
  throw new Refused(`${api.who} could not make the document «${templateId}»${words === '' ? '' : `: ${words}`}.`);
}

function outputOf({ extra_include_pod_templates: templates }: ItemElement, templateId: string): { readonly format: string; readonly url: string } | undefined {
  const { template, format } = documentParts(templateId);
  return templates?.find(({ id }) => id === template)?.outputs.find((output) => output.format === format);
}

/** Where making it fails, a page says so, with the status of success. */
function isMessage({ headers }: HttpAnswer, format: string): boolean {
  return /^\s*(?:text\/html|application\/json)/i.test(headers['content-type'] ?? '') && format !== 'html' && format !== 'json';
}

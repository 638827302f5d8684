import { timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { openHttpSimulator, type HttpReply } from '../../src/connector-kit/http-simulator.js';
import { jsonReply, readText } from '../../src/connector-kit/http-text.js';
import { readForm, type ReceivedPart } from '../../src/connector-kit/read-form.js';
import type { Arrival, OtherSide, SimulatedAnswer, SimulatorOptions } from '../../src/connector-kit/rehearsal.js';
import { sign } from './sign.js';

const SECRET = 'rehearsal-of-a-shared-secret';
const TOKEN = 'Bearer rehearsal-token';

export interface WebhookSimulatorOptions extends SimulatorOptions {
  readonly body: 'multipart' | 'json';
  /** Answers later, at its status address, instead of at once. */
  readonly later?: boolean;
}

interface Kept {
  readonly reference: string;
  readonly arrival: Arrival;
}

interface Posted {
  readonly key: string;
  readonly item: { readonly uid: string; readonly title: string; readonly annexes: readonly { readonly sha256: string; readonly part?: string }[] };
  readonly fields: NonNullable<Arrival['fields']>;
}

/** A receiver that checks everything that it can check, keeps an item once by its key, and answers at once or later. */
export async function openSimulator({ body, later = false, ...options }: WebhookSimulatorOptions): Promise<OtherSide> {
  const kept = new Map<string, Kept>();
  const answers = new Map<string, SimulatedAnswer>();

  async function reply(request: IncomingMessage, { pathname }: URL): Promise<HttpReply> {
    if (request.headers.authorization !== TOKEN) return { status: 401, body: 'Who are you?' };
    const [, place = '', name = '', index = ''] = pathname.split('/').map(decodeURIComponent);
    if (place === 'hook') return request.method === 'POST' ? receive(request) : { status: 204 };
    if (place === 'deliveries') return whereabouts(kept.get(name));
    const item = [...kept.values()].find(({ reference }) => reference === name);
    if (item === undefined) return { status: 404 };
    return place === 'documents' ? documentOf(answers.get(item.arrival.itemUid), Number(index)) : jsonReply(outcome(item));
  }

  async function receive(request: IncomingMessage): Promise<HttpReply> {
    const { key, posted, arrival, mistake } = await readPost(request, body);
    if (mistake !== undefined) return { status: 400, body: mistake };
    const item = kept.get(key) ?? { reference: `hook-${kept.size + 1}`, arrival: { ...arrival, fields: posted.fields } };
    kept.set(key, item);
    options.say?.(`kept ${item.reference}: ${posted.item.title}`);
    return jsonReply({ ...status(), reference: item.reference }, later ? 202 : 201);
  }

  function whereabouts(item: Kept | undefined): HttpReply {
    return item === undefined ? jsonReply({ status: 'absent' }, 404) : jsonReply({ ...status(), reference: item.reference });
  }

  function status(): object {
    return { status: later ? 'pending' : 'done' };
  }

  function outcome({ arrival: { itemUid }, reference }: Kept): object {
    const answer = answers.get(itemUid);
    if (answer === undefined) return { status: 'pending', note: 'on the desk of the director' };
    if (answer.state === 'rejected') return { status: 'rejected', reason: answer.reason };
    return { status: 'done', documents: answer.documents.map(({ filename }, index) => ({ url: `/documents/${reference}/${index}`, filename, mediaType: 'application/pdf' })) };
  }

  const server = await openHttpSimulator({ ...options, reply, handsOver: ({ method }) => method === 'POST' });
  const settings = settingsFor(server.url, body);
  return {
    settings,
    brokenSettings: { ...settings, secretHeaders: { Authorization: 'Bearer wrong-token' } },
    secrets: [SECRET, TOKEN, 'Bearer wrong-token'],
    delivered: () => Promise.resolve([...kept.values()].map(({ arrival }) => arrival)),
    behave: (how) => server.behave(how),
    answer: (itemUid, answer) => { answers.set(itemUid, answer); return Promise.resolve(); },
    close: () => server.close(),
  };
}

/** Settings for a receiver at an address. */
export function settingsFor(url: string, body: WebhookSimulatorOptions['body']): OtherSide['settings'] {
  return {
    url: `${url}/hook`, body, secret: SECRET, secretHeaders: { Authorization: TOKEN }, allowPrivate: true,
    probeUrl: `${url}/deliveries/{key}`, statusUrl: `${url}/status/{reference}`,
  };
}

/** Reads a delivery as the README shows it: the signature covers the JSON, the JSON names the hashes of the files. */
async function readPost(request: IncomingMessage, body: 'multipart' | 'json'): Promise<{ key: string; posted: Posted; arrival: Arrival; mistake: string | undefined }> {
  const parts = body === 'multipart' ? await readForm(request) : [];
  const text = body === 'json' ? await readText(request) : parts.find(({ name }) => name === 'item')?.text ?? '';
  const posted = JSON.parse(text) as Posted;
  const files = filesOf(posted, parts, body);
  const key = String(request.headers['idempotency-key']);
  const mistakes = [
    isSigned(request, text) ? [] : ['the signature is wrong'],
    key === posted.key ? [] : ['the key of the header is not that of the item'],
    files.every((sha256, index) => sha256 === posted.item.annexes[index]?.sha256) ? [] : ['a file is not the one of the item'],
  ].flat();
  return { key, posted, arrival: { itemUid: posted.item.uid, title: posted.item.title, files }, mistake: mistakes[0] };
}

function filesOf({ item }: Posted, parts: readonly ReceivedPart[], body: 'multipart' | 'json'): readonly string[] {
  if (body === 'json') return item.annexes.map(({ sha256 }) => sha256);
  return item.annexes.map(({ part }) => parts.find(({ name }) => name === part)?.sha256 ?? 'missing');
}

function isSigned({ headers }: IncomingMessage, text: string): boolean {
  const expected = Buffer.from(sign(SECRET, String(headers['x-relais-timestamp']), text));
  const given = Buffer.from(String(headers['x-relais-signature']));
  return given.length === expected.length && timingSafeEqual(given, expected);
}

function documentOf(answer: SimulatedAnswer | undefined, index: number): HttpReply {
  const document = answer?.state === 'done' ? answer.documents[index] : undefined;
  return document === undefined ? { status: 404 } : { status: 200, body: document.content };
}

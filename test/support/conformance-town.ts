import { expect } from 'chai';
import fs from 'node:fs';
import path from 'node:path';
import { backConfigs, type BackendType } from './backed-config.js';
import { freePort, startGateway, temporaryFolder, waitFor, type GatewayProcess } from './gateway-process.js';
import { call, type SoapAnswer } from './soap-call.js';
import { wsdlMistakes } from './wsdl-mistakes.js';

export type Fields = Record<string, string>;
export interface InfoFields {
  readonly UID: string;
  readonly extraInfos: Fields;
  readonly annexes?: readonly Fields[];
  readonly templates?: readonly Fields[];
  readonly [field: string]: unknown;
}

/** What a caller must never be shown of the inside: stacks, files, modules, libraries, broken values. */
const INTERNALS = /\bat \S+ \(|\.[jt]s:\d|node:internal|node_modules|\/(?:work|home|tmp|src|dist|etc)\/|sqlite|typeorm|SQLITE_|TypeError|RangeError|\bundefined\b|\[object |\bNaN\b/i;

export function internalsIn(text: string): string | undefined {
  return INTERNALS.exec(text)?.[0];
}

/** A gateway with the population of contracts/ws4pm.md §6, over HTTP. Every reply is held against the WSDL on the way. */
export interface ConformanceTown {
  readonly gateway: GatewayProcess;
  /** The content of a reply with status 200 (E12) that the WSDL declares (E1–E5). */
  ask(user: string, operation: string, children?: string): Promise<Record<string, unknown>>;
  /** The reply as it came. */
  answer(user: string, operation: string, children?: string): Promise<SoapAnswer>;
  /** A Client fault whose text holds the words, and nothing of the inside. */
  refuses(user: string, operation: string, children: string, ...words: string[]): Promise<string>;
  /** UID and warnings of a new item. */
  create(user: string, data: string, request?: string): Promise<{ readonly uid: string; readonly warnings: readonly string[] }>;
  /** The item as the manager of everything sees it, with its extra infos. */
  item(uid: string, more?: string): Promise<InfoFields>;
  /** UIDs that a search gives, in its order. */
  find(user: string, criteria: string): Promise<string[]>;
  stop(): Promise<void>;
}

/** `backend`: a simulated system of that type stands behind every meeting config. Items are forwarded `later`, and each new one is awaited over
 * there, or `direct`, and what that system says is among the warnings of the call. */
export async function conformanceTown(backend?: BackendType, forward: 'later' | 'direct' = 'later'): Promise<ConformanceTown> {
  const data = temporaryFolder();
  const gateway = await startGateway({ data, config: await configOf(data, backend, forward) });
  const town: ConformanceTown = {
    gateway,
    answer: (user, operation, children = '') => call(gateway.url, operation, children, `${user}:demo`),
    async ask(user, operation, children = '') {
      const answer = await town.answer(user, operation, children);
      expect([answer.status, answer.fault?.text], operation).to.deep.equal([200, undefined]);
      expect(wsdlMistakes(operation, answer.text), operation).to.deep.equal([]);
      return answer.reply;
    },
    async refuses(user, operation, children, ...words) {
      const { status, fault } = await town.answer(user, operation, children);
      expect([status, fault?.code], `${operation}: ${fault?.text ?? 'no fault'}`).to.deep.equal([500, 'SOAP-ENV:Client']);
      const text = fault?.text ?? '';
      for (const word of words) expect(text).to.include(word);
      expect(internalsIn(text), text).to.equal(undefined);
      return text;
    },
    async create(user, data, request = '') {
      const { meetingConfigId, proposingGroupId, rest } = target(request);
      const reply = await town.ask(user, 'createItem', `${meetingConfigId}${proposingGroupId}<creationData>${data}</creationData>${rest}`);
      expect(reply['UID']).to.match(/^[0-9a-f]{32}$/);
      if (backend !== undefined && forward === 'later') await forwarded(town, reply['UID'] as string);
      return { uid: reply['UID'] as string, warnings: (reply['warnings'] ?? []) as string[] };
    },
    async item(uid, more = '') {
      const reply = await town.ask('admin', 'getItemInfos', `<UID>${uid}</UID><showExtraInfos>1</showExtraInfos>${more}`);
      const [item] = (reply['itemInfo'] ?? []) as InfoFields[];
      if (item === undefined) throw new Error(`no item ${uid}`);
      return item;
    },
    async find(user, criteria) {
      return (((await town.ask(user, 'searchItems', criteria))['itemInfo'] ?? []) as InfoFields[]).map(({ UID }) => UID);
    },
    async stop() {
      expect(await gateway.stop()).to.equal(0);
      fs.rmSync(data, { recursive: true, force: true });
    },
  };
  return town;
}

async function configOf(data: string, backend: BackendType | undefined, forward: 'later' | 'direct'): Promise<string> {
  const plain = path.resolve(import.meta.dirname, '../e2e/conformance/relais.yaml');
  if (backend === undefined) return plain;
  const own = backConfigs(plain, path.join(data, 'relais.yaml'), {
    type: backend, port: await freePort(), backend: { forward },
    settings: { annexTypes: Object.fromEntries(['financial-analysis', 'overhead-analysis', 'annexe'].map((id) => [id, id])) },
  });
  // templates are named relative to the file
  fs.writeFileSync(own, fs.readFileSync(own, 'utf8').replaceAll('../../../config', path.resolve(import.meta.dirname, '../../config')));
  return own;
}

/** Until it is over there, an item is what was sent; then it is what is there. */
async function forwarded(town: ConformanceTown, uid: string): Promise<void> {
  let seen = '';
  await waitFor(async () => {
    ({ relais_forward: seen = '' } = (await town.item(uid)).extraInfos);
    return /^(?:sent|done)/.test(seen);
  }, 20_000, () => `item ${uid} was not forwarded, it is «${seen}»`);
}

/** Items go to developers of the plain config unless the request says otherwise. */
function target(request: string): Record<'meetingConfigId' | 'proposingGroupId' | 'rest', string> {
  const taken = (name: string, otherwise: string) => new RegExp(`<${name}>.*?</${name}>`).exec(request)?.[0] ?? `<${name}>${otherwise}</${name}>`;
  const meetingConfigId = taken('meetingConfigId', 'college');
  const proposingGroupId = taken('proposingGroupId', 'developers');
  return { meetingConfigId, proposingGroupId, rest: request.replace(meetingConfigId, '').replace(proposingGroupId, '') };
}

/** Text for an element's content. */
export function xml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

export function annex(fields: { title?: string; annexTypeId?: string; filename?: string; file?: Buffer | string }): string {
  const children = Object.entries({ title: 'Annexe', ...fields }).map(([name, value]) =>
    `<${name}>${name === 'file' ? Buffer.from(value).toString('base64') : xml(String(value))}</${name}>`);
  return `<annexes>${children.join('')}</annexes>`;
}

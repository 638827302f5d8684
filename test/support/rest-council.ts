import { openRestSimulator, type RestSimulator, type RestSimulatorOptions } from '../../connectors/plonemeeting-rest/simulator.js';
import { PASSWORD } from '../../src/council-desk/council-town.js';

export interface RestAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** Undefined for what is no JSON. */
  readonly body: any; // eslint-disable-line @typescript-eslint/no-explicit-any -- what is tested is its shape
}

export interface RestCouncil extends RestSimulator {
  ask(method: string, path: string, body?: unknown, headers?: Readonly<Record<string, string>>): Promise<RestAnswer>;
  /** Creates an item of the sample council, and answers what was answered. */
  create(change?: Readonly<Record<string, unknown>>): Promise<RestAnswer>;
}

/** A simulated PloneMeeting, asked by plain HTTP as the service account. */
export async function openRestCouncil(options: RestSimulatorOptions = {}): Promise<RestCouncil> {
  const simulator = await openRestSimulator(options);
  const ask: RestCouncil['ask'] = async (method, path, body, headers = {}) => {
    const answer = await fetch(path.startsWith('http') ? path : `${simulator.url}${path}`, {
      method, redirect: 'manual', headers: { accept: 'application/json', authorization: basic('relais'), ...body === undefined ? {} : { 'content-type': 'application/json' }, ...headers },
      ...body !== undefined && { body: JSON.stringify(body) },
    });
    const text = await answer.text();
    return { status: answer.status, headers: answer.headers, text, body: parsed(text) };
  };
  return {
    ...simulator, ask,
    create: (change = {}) => ask('POST', '/@item', { config_id: 'meeting-config-college', in_name_of: 'jdupont', proposingGroup: 'urbanisme', title: 'Permis 12', externalIdentifier: 'urban-12', ...change }),
  };
}

export function basic(login: string, password = PASSWORD): string {
  return `Basic ${Buffer.from(`${login}:${password}`).toString('base64')}`;
}

export function annexOf(filename: string, content: string, change: Readonly<Record<string, unknown>> = {}): object {
  return { '@type': 'annex', 'title': filename, 'content_category': 'annexe', 'file': { filename, encoding: 'base64', data: Buffer.from(content).toString('base64') }, ...change };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

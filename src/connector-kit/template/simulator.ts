import { createHash } from 'node:crypto';
import { text } from 'node:stream/consumers';
import { openHttpSimulator, type HttpReply } from '../http-simulator.js';
import type { Arrival, OtherSide, SimulatorOptions } from '../rehearsal.js';
import type { AcmeItem } from './mapping.js';

const TOKEN = 'simulated-token';

/** The service on the other side, with nothing in it yet: what acme's connector asks of it, and no more. */
export async function openSimulator(options: SimulatorOptions = {}): Promise<OtherSide> {
  const files = new Map<string, string>();
  const items = new Map<string, Arrival>();

  async function keepFile(path: string, body: AsyncIterable<Buffer>): Promise<HttpReply> {
    const hash = createHash('sha256');
    for await (const chunk of body) hash.update(chunk);
    files.set(path, hash.digest('hex'));
    return { status: 204 };
  }

  function keepItem(path: string, { uid, title, fields, files: named }: AcmeItem): HttpReply {
    items.set(path, { itemUid: uid, title, fields, files: named.map((_file, position) => files.get(`${path}/files/${position}`) ?? 'missing') });
    return found(path);
  }

  function found(path: string): HttpReply {
    if (!items.has(path)) return { status: 404 };
    return { status: 200, headers: { 'content-type': 'application/json' }, body: JSON.stringify({ reference: `A-${path.slice('/items/'.length)}` }) };
  }

  const http = await openHttpSimulator({
    ...options,
    handsOver: ({ method }, { pathname }) => method === 'PUT' && !pathname.includes('/files/'),
    async reply(request, { pathname }) {
      if (request.headers.authorization !== `Bearer ${TOKEN}`) return { status: 401 };
      if (pathname === '/status') return { status: 200 };
      if (request.method === 'GET') return found(pathname);
      if (pathname.includes('/files/')) return await keepFile(pathname, request);
      return keepItem(pathname, JSON.parse(await text(request)) as AcmeItem);
    },
  });

  const settings = { url: http.url, token: TOKEN, allowPrivate: true };
  return {
    settings,
    brokenSettings: { ...settings, token: 'another-token' },
    secrets: [TOKEN],
    delivered: () => Promise.resolve([...items.values()]),
    behave: (how) => http.behave(how),
    close: () => http.close(),
  };
}

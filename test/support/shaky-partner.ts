import { once } from 'node:events';
import http from 'node:http';
import type { AddressInfo } from 'node:net';

/** How often, of 1, the partner misbehaves in each way. */
export interface Shakiness {
  /** Drops the connection before it takes anything. */
  readonly dropBefore: number;
  /** Takes the item, then drops the connection. */
  readonly dropAfter: number;
  /** Answers 503, and has taken nothing. */
  readonly busy: number;
  /** Drops the connection of a probe. */
  readonly dropProbe: number;
}

/** A receiver of the webhook connector that keeps count: how often each key took effect. */
export interface ShakyPartner {
  readonly url: string;
  /** Idempotency key → how many times it was committed. */
  readonly commits: ReadonlyMap<string, number>;
  /** Item uid → how many commits, over all keys. */
  readonly items: ReadonlyMap<string, number>;
  behave(shakiness: Shakiness, delayMs?: number): void;
  close(): Promise<void>;
}

export const STEADY: Shakiness = { dropBefore: 0, dropAfter: 0, busy: 0, dropProbe: 0 };

export async function startShakyPartner(): Promise<ShakyPartner> {
  const commits = new Map<string, number>();
  const items = new Map<string, number>();
  let shakiness = STEADY;
  let delay = 0;
  const server = http.createServer((request, response) => {
    if (request.method === 'POST') void take(request, response);
    else if (request.method === 'GET' && request.url?.startsWith('/probe/') === true) probe(request, response);
    else response.end();
  });

  async function take(request: http.IncomingMessage, response: http.ServerResponse): Promise<void> {
    const dice = Math.random();
    const { dropBefore, dropAfter, busy } = shakiness;
    try {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk as Buffer);
      if (dice < dropBefore) { request.socket.destroy(); return; }
      if (dice < dropBefore + busy) { response.writeHead(503, { 'retry-after': '0' }).end(); return; }
      const key = String(request.headers['idempotency-key']);
      const uid = /"uid":\s*"([0-9a-f]{32})"/.exec(Buffer.concat(chunks).toString('latin1'))?.[1] ?? 'unknown';
      commits.set(key, (commits.get(key) ?? 0) + 1);
      items.set(uid, (items.get(uid) ?? 0) + 1);
      if (dice < dropBefore + busy + dropAfter) { request.socket.destroy(); return; }
      if (delay > 0) await new Promise((resolve) => { setTimeout(resolve, delay); });
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ reference: key }));
    } catch {
      response.destroy(); // the gateway was killed while it sent
    }
  }

  function probe(request: http.IncomingMessage, response: http.ServerResponse): void {
    if (Math.random() < shakiness.dropProbe) { request.socket.destroy(); return; }
    const key = decodeURIComponent(request.url?.slice('/probe/'.length) ?? '');
    if (commits.has(key)) response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ reference: key }));
    else response.writeHead(404, { 'content-type': 'application/json' }).end(JSON.stringify({ status: 'absent' }));
  }

  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, commits, items,
    behave: (next, delayMs = 0) => { shakiness = next; delay = delayMs; },
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

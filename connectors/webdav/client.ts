import type { Readable } from 'node:stream';
import type { ConnectorContext } from '../../src/connector-api/connector.js';
import { Misconfigured, NotSent } from '../../src/connector-api/failures.js';
import type { HttpAnswer, HttpRequest } from '../../src/connector-api/http.js';
import { httpFailure } from '../../src/connector-api/http-failure.js';
import { reachOf } from '../../src/connector-api/http-settings.js';
import type { WebdavSettings } from './config.js';

/** A path below the folder of the settings, as its elements; none: that folder. */
export type Path = readonly string[];

/** The calls of WebDAV (RFC 4918) that leaving a folder of files takes. Each throws the failure that fits an answer which is
 * none of those it names. */
export interface WebdavClient {
  /** The folder of the settings is there, and lets us in. */
  look(): Promise<void>;
  /** Makes a folder, unless something of that name stands there already. */
  makeFolder(path: Path): Promise<void>;
  put(path: Path, content: Buffer | Readable, size: number): Promise<void>;
  /** Text of a small file; null when there is none. */
  read(path: Path): Promise<string | null>;
  /** Moves a folder, which appears whole. `taken`: something stands at the target, and `replace` is false.
   * `gone`: there is nothing to move. */
  move(from: Path, to: Path, replace: boolean): Promise<'moved' | 'taken' | 'gone'>;
  /** Removes a file or a folder, if there is one. */
  remove(path: Path): Promise<void>;
}

type Call = Pick<HttpRequest, 'method'> & { readonly path: Path; readonly headers?: Record<string, string>; readonly body?: Buffer | Readable; readonly bytes?: number };

export function webdavClient(settings: WebdavSettings, { http, clock }: Pick<ConnectorContext, 'http' | 'clock'>): WebdavClient {
  const base = settings.url.replace(/\/+$/, '');
  const who = new URL(base).origin;

  function call({ method, path, headers = {}, body, bytes = 0 }: Call): Promise<HttpAnswer> {
    return http({ method, url: urlOf(path), headers: { ...authorization(settings), ...headers }, ...reachOf(settings, bytes), ...(body !== undefined && { body }) });
  }

  /** Makes the call and resolves with its status, which must be among those that mean something. */
  async function expect(wanted: readonly number[], one: Call): Promise<number> {
    const answer = await call(one);
    if (!wanted.includes(answer.status)) throw await httpFailure(answer, who, clock.now());
    answer.body.destroy();
    return answer.status;
  }

  function urlOf(path: Path): string {
    return `${base}/${path.map(encodeURIComponent).join('/')}`;
  }

  return {
    async look() {
      await expect([207], { method: 'PROPFIND', path: asFolder([]), headers: { depth: '0' } });
    },
    async makeFolder(path) {
      const status = await expect([201, 405, 409], { method: 'MKCOL', path: asFolder(path) });
      if (status === 409) throw new Misconfigured(`${who} has no folder to make «${path.join('/')}» in: does the one of the settings exist?`);
    },
    async put(path, body, size) {
      const headers = { 'content-length': String(size), 'content-type': 'application/octet-stream' };
      const status = await expect([200, 201, 204, 404, 409], { method: 'PUT', path, body, bytes: size, headers });
      if (status >= 400) throw new NotSent(`${who} lost the folder of the draft while it was being written (${status}).`);
    },
    async read(path) {
      const answer = await call({ method: 'GET', path });
      if (answer.status === 200) return answer.text();
      if (answer.status !== 404) throw await httpFailure(answer, who, clock.now());
      answer.body.destroy();
      return null;
    },
    async move(from, to, replace) {
      const headers = { destination: urlOf(asFolder(to)), overwrite: replace ? 'T' : 'F', depth: 'infinity' };
      const status = await expect([201, 204, 404, 409, 412], { method: 'MOVE', path: asFolder(from), headers });
      if (status === 409) throw new NotSent(`${who} lost the folder around «${to.join('/')}».`);
      return status === 404 ? 'gone' : status === 412 ? 'taken' : 'moved';
    },
    async remove(path) {
      await expect([200, 204, 404], { method: 'DELETE', path: asFolder(path) });
    },
  };
}

/** Servers tell folders by the slash at the end, and some redirect without it. */
function asFolder(path: Path): Path {
  return [...path, ''];
}

function authorization({ user, password }: WebdavSettings): Record<string, string> {
  return user === undefined || password === undefined ? {} : { authorization: `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}` };
}

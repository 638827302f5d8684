import type { ConnectorContext } from '../../src/connector-api/connector.js';
import type { HttpAnswer, HttpRequest } from '../../src/connector-api/http.js';
import { httpFailure } from '../../src/connector-api/http-failure.js';
import { reachOf } from '../../src/connector-api/http-settings.js';
import type { SigningSessionSettings } from './config.js';

/** contracts/iparapheur.md §5.4. */
const SESSIONS = '/imio/esign/v1/luxtrust/sessions';

/** Longest answer that is read as a text, bytes. */
export const LONGEST = 256 * 1024;

/** Calls below the sessions of the gateway, with our account. */
export interface GatewayCall {
  /** How messages name the gateway. */
  readonly who: string;
  /** `bytes`: size of the files that travel with it, either way. */
  readonly call: (path: string, request: Pick<HttpRequest, 'method' | 'headers' | 'body'>, bytes?: number) => Promise<HttpAnswer>;
  /** What an answer without success means. Reads it. */
  readonly failure: (answer: HttpAnswer) => Promise<Error>;
}

export function gatewayCall(settings: SigningSessionSettings, context: ConnectorContext): GatewayCall {
  const root = `${settings.url.replace(/\/+$/, '')}${SESSIONS}`;
  const who = new URL(settings.url).origin;
  const authorization = `Basic ${Buffer.from(`${settings.login}:${settings.password}`).toString('base64')}`;
  return {
    who,
    call: (path, { headers, ...request }, bytes = 0) => context.http({ ...request, url: `${root}${path}`, headers: { authorization, accept: 'application/json', ...headers }, ...reachOf(settings, bytes) }),
    failure: (answer) => httpFailure(answer, who, context.clock.now()),
  };
}

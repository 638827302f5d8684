import type { ConnectorContext, Submission } from '../../src/connector-api/connector.js';
import type { HttpAnswer, HttpRequest } from '../../src/connector-api/http.js';
import { reachOf } from '../../src/connector-api/http-settings.js';
import { multipartBody } from '../../src/connector-api/multipart.js';
import type { WebhookSettings } from './config.js';
import { partName, postedText } from './mapping.js';
import { sign } from './sign.js';

/** Posts a submission. */
export function post(submission: Submission, settings: WebhookSettings, context: ConnectorContext): Promise<HttpAnswer> {
  const { annexes } = submission.item;
  const text = postedText(submission, settings.body);
  const { headers, body } = settings.body === 'json' ? { headers: { 'content-type': 'application/json' }, body: text } : multipartBody([
    { name: 'item', text, mediaType: 'application/json' }, ...annexes.map((annex, index) => ({ name: partName(index), annex })),
  ], context);
  return context.http({
    method: 'POST', url: settings.url, body,
    headers: { ...ownHeaders(settings), ...signature(text, settings, context), 'idempotency-key': submission.key, accept: 'application/json', ...headers },
    ...reachOf(settings, settings.body === 'json' ? 0 : annexes.reduce((sum, { size }) => sum + size, 0)),
  });
}

/** Asks something of the receiver. An address that the receiver gave, not the administrator, is asked without credentials,
 * and never inside a private network. */
export function ask(url: string, settings: WebhookSettings, { http }: Pick<ConnectorContext, 'http'>, method: HttpRequest['method'] = 'GET'): Promise<HttpAnswer> {
  const request = { method, url, maxRedirects: 3 };
  const reach = reachOf(settings);
  if (isOwn(url, settings)) return http({ ...request, headers: { ...ownHeaders(settings), accept: 'application/json' }, ...reach });
  const { tls, timeoutMs } = reach;
  return http({ ...request, ...(timeoutMs !== undefined && { timeoutMs }), ...(tls?.ca !== undefined && { tls: { ca: tls.ca } }) });
}

function isOwn(wanted: string, { url, probeUrl = url, statusUrl = url }: WebhookSettings): boolean {
  return URL.canParse(wanted) && [url, probeUrl, statusUrl].some((own) => new URL(own).origin === new URL(wanted).origin);
}

function ownHeaders({ headers, secretHeaders }: WebhookSettings): Record<string, string> {
  return { ...headers, ...secretHeaders };
}

function signature(text: string, { secret }: WebhookSettings, { clock }: Pick<ConnectorContext, 'clock'>): Record<string, string> {
  if (secret === undefined) return {};
  const timestamp = String(Math.floor(clock.now() / 1000));
  return { 'x-relais-timestamp': timestamp, 'x-relais-signature': sign(secret, timestamp, text) };
}

import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { request } from 'node:https';
import { buffer } from 'node:stream/consumers';
import { CERTIFICATES, LOGIN, PASSWORD } from '../../connectors/s2low/simulated-accounts.js';
import { AUTHORITY } from '../../connectors/s2low/simulated-certificates.js';
import type { S2lowSimulator } from '../../connectors/s2low/simulator.js';

export interface RawAnswer {
  readonly status: number;
  readonly location: string;
  readonly bytes: Buffer;
  /** The bytes, one character each. */
  readonly text: string;
}

export interface CallOptions {
  /** None: no certificate at all is shown. */
  readonly as?: keyof typeof CERTIFICATES | 'no certificate';
  readonly login?: string;
  readonly password?: string;
  /** Fields and files of a form; then it is a POST. A file is a Buffer. */
  readonly form?: readonly (readonly [string, string | Buffer, string?])[];
  readonly query?: Readonly<Record<string, string>>;
}

/** A call of the simulated S2LOW byte for byte, as nothing of the connector makes it. */
export async function callS2low({ url }: Pick<S2lowSimulator, 'url'>, path: string, options: CallOptions = {}): Promise<RawAnswer> {
  const { as = 'several', form, query = {} } = options;
  const body = form === undefined ? undefined : multipart(form);
  const { cert, key } = CERTIFICATES[as === 'no certificate' ? 'none' : as];
  const asked = request(`${url}${path}?${new URLSearchParams(query).toString()}`, {
    method: body === undefined ? 'GET' : 'POST', ca: AUTHORITY, ...(as !== 'no certificate' && { cert, key }), agent: false, headers: { ...credentials(options), ...lengthOf(body) },
  });
  asked.end(body);
  const [answer] = await once(asked, 'response') as [IncomingMessage];
  const bytes = await buffer(answer);
  return { status: answer.statusCode ?? 0, location: answer.headers.location ?? '', bytes, text: bytes.toString('latin1') };
}

function credentials({ login = LOGIN, password = PASSWORD }: CallOptions): Readonly<Record<string, string>> {
  return login === '' ? {} : { authorization: `Basic ${Buffer.from(`${login}:${password}`, 'latin1').toString('base64')}` };
}

function lengthOf(body: Buffer | undefined): Readonly<Record<string, string | number>> {
  return body === undefined ? {} : { 'content-type': 'multipart/form-data; boundary=limite', 'content-length': body.length };
}

function multipart(fields: NonNullable<CallOptions['form']>): Buffer {
  const parts = fields.flatMap(([name, value, filename]) => [
    Buffer.from(`--limite\r\nContent-Disposition: form-data; name="${name}"${Buffer.isBuffer(value) ? `; filename="${filename ?? 'f'}"` : ''}\r\n\r\n`, 'latin1'),
    typeof value === 'string' ? Buffer.from(value, 'latin1') : value, Buffer.from('\r\n'),
  ]);
  return Buffer.concat([...parts, Buffer.from('--limite--\r\n')]);
}

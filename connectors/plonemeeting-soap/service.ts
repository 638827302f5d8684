import fs from 'node:fs';
import path from 'node:path';
import type { z } from 'zod';
import type { ConnectorContext } from '../../src/connector-api/connector.js';
import { Misconfigured, nothingSent, NotSent, OutcomeUnknown, Refused, type Failure } from '../../src/connector-api/failures.js';
import { reachOf } from '../../src/connector-api/http-settings.js';
import { createSoapClient, loadSoapClientModel, type SoapClientModel } from '../../src/soap-client/soap-client.js';
import { SoapFault } from '../../src/soap-client/soap-fault.js';
import type { KeepFile, OutgoingStruct } from '../../src/soap-client/values.js';
import { endpointOf, type CouncilSoapSettings } from './config.js';

export const WHO = 'PloneMeeting';

/** The part of a context that calls need. */
export type ServiceContext = Pick<ConnectorContext, 'http' | 'signal' | 'clock'>;

export interface CallOptions {
  /** Size of the files that travel with it, either way, bytes: they get more time. */
  readonly bytes?: number;
  /** Where files of the answer go; they are passed over if not given. */
  readonly keep?: KeepFile;
}

let model: Promise<SoapClientModel> | undefined;

/** Calls an operation that may have changed something over there. Throws SoapFault, the failures of HTTP, and OutcomeUnknown for
 * an answer that is not what it should be. */
export async function ask<Answer extends z.ZodType>(operation: string, values: OutgoingStruct, answer: Answer, settings: CouncilSoapSettings, { http, signal }: ServiceContext, { bytes = 0, keep = passOver }: CallOptions = {}): Promise<z.output<Answer>> {
  const client = createSoapClient({
    model: await (model ??= loadSoapClientModel(wsdlFile())),
    endpoint: { url: endpointOf(settings), port: 'plain', headers: authorization(settings), reach: reachOf(settings, bytes) },
    http, keep, signal,
  });
  const read = answer.safeParse(await client.call(operation, values));
  if (read.success) return read.data;
  const [issue] = read.error.issues;
  throw new OutcomeUnknown(`${WHO} answered ${operation} with a «${issue?.path.join('.') ?? ''}» that cannot be used: ${issue?.message ?? ''}.`);
}

/** Calls an operation that changes nothing over there: where its answer is lost or makes no sense, nothing happened. A fault is
 * thrown as it is, for those who know what it means; `plainly` tells it otherwise. */
export async function read<Answer extends z.ZodType>(...call: Parameters<typeof ask<Answer>>): Promise<z.output<Answer>> {
  try {
    return await ask(...call);
  } catch (error) {
    throw nothingSent(error);
  }
}

/** As `read`, for operations whose faults have no meaning of their own. */
export async function readPlainly<Answer extends z.ZodType>(...call: Parameters<typeof ask<Answer>>): Promise<z.output<Answer>> {
  return read(...call).catch((error: unknown) => { throw plainly(error); });
}

/** What a fault means where nothing more is known of it. Whatever the fault, nothing was kept over there: it ends the transaction
 * (contracts/ws4pm.md §1.6). One of the server itself may pass. Anything but a fault stays what it is. */
export function plainly(error: unknown): unknown {
  return error instanceof SoapFault ? failureOf(error) : error;
}

function failureOf(fault: SoapFault): Failure {
  const words = sentence(`${WHO}: ${fault.text === '' ? 'it gave no reason' : fault.text}`);
  if (lacksRole(fault)) return new Misconfigured(`${words} The account of Relais has to be a MeetingManager over there.`, { cause: fault });
  return isOurs(fault) ? new Refused(words, { cause: fault }) : new NotSent(words, { cause: fault });
}

/** True for a fault that blames the request. */
export function isOurs({ code }: SoapFault): boolean {
  return /^(?:Client|Sender)\b/.test(code);
}

/** True where the account itself may not ask such things (contracts/ws4pm.md §3.1: F-ROLE names the role). */
export function lacksRole({ text }: SoapFault): boolean {
  return /\bMeetingManager\b/.test(text);
}

/** With a full stop. */
export function sentence(words: string): string {
  return /[.!?…]$/.test(words) ? words : `${words}.`;
}

/** Reads what comes, and keeps nothing. */
export async function passOver(content: AsyncIterable<Uint8Array>): Promise<{ readonly sha256: string; readonly size: number }> {
  let size = 0;
  for await (const chunk of content) size += chunk.length;
  return { sha256: '', size };
}

function authorization({ login, password }: CouncilSoapSettings): Record<string, string> {
  return { authorization: `Basic ${Buffer.from(`${login}:${password}`).toString('base64')}` };
}

/** In the sources and in the build, the contract stands beside package.json. */
export function wsdlFile(): string {
  let folder = import.meta.dirname;
  while (!fs.existsSync(path.join(folder, 'package.json'))) folder = path.dirname(folder);
  return path.join(folder, 'wsdl/ws4pm.wsdl');
}

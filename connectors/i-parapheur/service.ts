import fs from 'node:fs';
import path from 'node:path';
import type { z } from 'zod';
import type { ConnectorContext } from '../../src/connector-api/connector.js';
import { NotSent, OutcomeUnknown } from '../../src/connector-api/failures.js';
import { reachOf } from '../../src/connector-api/http-settings.js';
import { createSoapClient, loadSoapClientModel, type SoapClientModel } from '../../src/soap-client/soap-client.js';
import { SoapFault } from '../../src/soap-client/soap-fault.js';
import type { KeepFile, OutgoingValue } from '../../src/soap-client/values.js';
import { portOf, type IParapheurSettings } from './config.js';

export const WHO = 'i-Parapheur';

/** The part of a context that calls need. */
export type ServiceContext = Pick<ConnectorContext, 'http' | 'signal' | 'blobs'>;

export interface CallOptions {
  /** Size of the files that travel with it, either way, bytes: they get more time. */
  readonly bytes?: number;
  /** Where files of the answer go; they are kept on disk if not given. */
  readonly keep?: KeepFile;
}

let model: Promise<SoapClientModel> | undefined;

/** Calls an operation that may have changed something over there. Throws SoapFault, the failures of HTTP, and OutcomeUnknown for
 * an answer that is not what it should be. */
export async function ask<Answer extends z.ZodType>(operation: string, values: OutgoingValue, answer: Answer, settings: IParapheurSettings, context: ServiceContext, options: CallOptions = {}): Promise<z.output<Answer>> {
  const client = createSoapClient({
    model: await (model ??= loadSoapClientModel(wsdlFile())),
    endpoint: { url: settings.url, port: portOf(settings), headers: authorization(settings), reach: reachOf(settings, options.bytes) },
    http: context.http, keep: options.keep ?? ((content) => context.blobs.keep(content)), signal: context.signal,
  });
  const read = answer.safeParse(await client.call(operation, values));
  if (read.success) return read.data;
  const [issue] = read.error.issues;
  throw new OutcomeUnknown(`${WHO} answered ${operation} with a «${issue?.path.join('.') ?? ''}» that cannot be used: ${issue?.message ?? ''}.`);
}

/** Calls an operation that changes nothing over there: where its answer is lost or makes no sense, nothing happened. */
export async function read<Answer extends z.ZodType>(...call: Parameters<typeof ask<Answer>>): Promise<z.output<Answer>> {
  try {
    return await ask(...call);
  } catch (error) {
    if (error instanceof OutcomeUnknown || error instanceof SoapFault) throw new NotSent(sentence(error.message), { cause: error });
    throw error;
  }
}

/** Calls an operation that puts something away; what came of it is asked for later, however it ends. */
export async function change<Answer extends z.ZodType>(...call: Parameters<typeof ask<Answer>>): Promise<z.output<Answer>> {
  try {
    return await ask(...call);
  } catch (error) {
    throw error instanceof SoapFault ? new OutcomeUnknown(sentence(error.message), { cause: error }) : error;
  }
}

/** With a full stop. */
export function sentence(words: string): string {
  return /[.!?…]$/.test(words) ? words : `${words}.`;
}

function authorization({ login, password }: IParapheurSettings): Record<string, string> {
  return { authorization: `Basic ${Buffer.from(`${login}:${password}`).toString('base64')}` };
}

/** In the sources and in the build, the contract stands beside package.json. */
export function wsdlFile(): string {
  let folder = import.meta.dirname;
  while (!fs.existsSync(path.join(folder, 'package.json'))) folder = path.dirname(folder);
  return path.join(folder, 'wsdl/iparapheur.wsdl');
}

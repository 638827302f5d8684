import type { IncomingMessage } from 'node:http';
import type { HttpReply } from '../../src/connector-kit/http-simulator.js';
import { managesConfig } from '../../src/council-desk/town-rights.js';
import type { User } from '../../src/domain/user.js';
import { badRequest, unauthorized } from './simulated-answers.js';
import type { Call, Look, Platform } from './simulated-platform.js';

/** Who calls, by Basic authentication; null: nobody who is known. */
export function callerOf({ headers }: IncomingMessage, { desk }: Platform): User | null {
  const [, given = ''] = /^Basic (\S+)$/i.exec(headers.authorization ?? '') ?? [];
  const text = Buffer.from(given, 'base64').toString('utf8');
  const colon = text.indexOf(':');
  return colon === -1 ? null : desk.signIn(text.slice(0, colon), text.slice(colon + 1));
}

/** In whose name it looks, by `in_name_of` (contracts/plonemeeting-rest.md §2.1); the answer where it may not. An empty name is that of an unknown
 * user; `undefined` and `null` are nobody's. */
export function lookOf(call: Call, inNameOf: unknown, configId: string | null): Look | HttpReply {
  if (inNameOf === undefined || inNameOf === null) return { ...call, user: call.caller };
  const { caller, desk } = call;
  const configs = desk.town().meetingConfigs.filter(({ id }) => configId === null || id === configId);
  // Whoever is Manager counts for active configs alone.
  if (!configs.some((config) => (config.active ? managesConfig(config, caller) : config.managers.includes(caller.id)))) {
    return unauthorized(`User "${caller.id}" must be Manager/MeetingManager${configId === null ? '' : ` of config "${configId}"`} to use "in_name_of" option!`);
  }
  const id = typeof inNameOf === 'string' ? inNameOf : JSON.stringify(inNameOf);
  const user = desk.user(id);
  return user === undefined ? badRequest(`The "in_name_of" user "${id}" was not found!`) : { ...call, user };
}

/** Manager, or manager of a config. */
export function hasRole({ caller, desk }: Call): boolean {
  return desk.town().meetingConfigs.some((config) => managesConfig(config, caller));
}

/** As `lookOf`, by the query. */
export function lookOfQuery(call: Call, configId: string | null): Look | HttpReply {
  return lookOf(call, call.query.get('in_name_of'), configId);
}

/** A parameter by any of its names. */
export function parameter({ query }: Pick<Call, 'query'>, ...names: readonly string[]): string | null {
  return names.map((name) => query.get(name)).find((value) => value !== null) ?? null;
}

export function isReply(found: Look | HttpReply): found is HttpReply {
  return 'status' in found;
}

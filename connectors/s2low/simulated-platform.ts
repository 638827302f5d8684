import type { IncomingMessage } from 'node:http';
import type { HttpReply } from '../../src/connector-kit/http-simulator.js';
import type { StateDesk } from '../../src/state-desk/state-desk.js';
import { StateRefusal } from '../../src/state-desk/state-refusal.js';
import type { SimulatedAccount } from './simulated-accounts.js';
import { ko, ok, redirect, type AnswerEncoding } from './simulated-answers.js';
import type { Mishap } from './simulated-mishaps.js';

/** What the parts of the simulated platform share. */
export interface Platform {
  readonly desk: StateDesk;
  readonly clock: { now(): number };
  readonly has: (mishap: Mishap) => boolean;
}

/** A call of somebody who was let in. */
export interface Call {
  readonly request: IncomingMessage;
  readonly query: URLSearchParams;
  readonly account: SimulatedAccount;
}

/** What answers at an address. */
export type Endpoint = (call: Call) => HttpReply | Promise<HttpReply>;

/** Endpoints by their path. */
export type Endpoints = Readonly<Record<string, Endpoint>>;

export function encodingOf({ has }: Platform): AnswerEncoding {
  return has('utf8') ? 'utf8' : 'latin1';
}

/** An error as calls for programs tell it: KO with `api=1`, else a page (contracts/s2low.md §2). */
export function refusal(words: string, isApi: boolean, platform: Platform): HttpReply {
  return isApi ? ko(words, encodingOf(platform)) : redirect('/modules/actes/index.php');
}

/** What was done, as calls for programs are told; others are sent to a page, which does not say the number (contracts/s2low.md §2). */
export function done(words: string, isApi: boolean): HttpReply {
  return isApi ? ok(words) : redirect('/modules/actes/index.php');
}

/** What the State does not take, as a KO. */
export async function orKo(platform: Platform, isApi: boolean, work: () => Promise<HttpReply>): Promise<HttpReply> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof StateRefusal) return refusal(error.message, isApi, platform);
    throw error;
  }
}

/** Whether a call with a query asks for the answer for programs. */
export function isApi(query: URLSearchParams): boolean {
  return query.get('api') === '1';
}

import { z } from 'zod';
import type { PartnerSession, SessionPhase } from './partner.js';

/** States of the gateway (contracts/iparapheur.md §5.4). */
const BY_STATE: Readonly<Record<string, SessionPhase>> = {
  to_create_session: 'creating',
  session_creation_failed: 'failed',
  to_sign: 'to-sign',
  refused: 'refused',
  to_upload: 'uploading',
  to_notify_ged_upload: 'returned',
  completed: 'returned',
};

/** Codes of its calls (ibid.). */
const BY_CODE: Readonly<Record<number, SessionPhase>> = {
  21: 'to-sign', 22: 'to-sign', 23: 'returned', 52: 'refused', 53: 'uploading', 40: 'failed', 41: 'failed', 50: 'failed', 51: 'failed',
};

/** Whether a code says that a session was not created. */
export function isCreationFailure(code: number | undefined): boolean {
  return code !== undefined && BY_CODE[code] === 'failed';
}

const person = z.union([z.string(), z.looseObject({ email: z.string(), reason: z.string().nullish(), url: z.string().nullish() })]);
const people = z.array(person).nullish();

const value = z.looseObject({
  sign_session_url: z.union([z.string(), z.array(person), z.record(z.string(), z.string())]).nullish(),
  signed_users: people,
  refused_users: people,
});

/** What the gateway says of a session, when it calls and when it is asked; more is passed over. */
const told = z.looseObject({
  app_session_id: z.string().min(1).max(200),
  code: z.coerce.number().int().optional().catch(undefined),
  session_state: z.string().nullish(),
  value: value.nullish().catch(undefined),
  message: z.string().nullish().catch(undefined),
  users: people.catch(undefined),
  documents: z.array(z.looseObject({ uniqueCode: z.string() })).nullish().catch(undefined),
});

/** What was told of a session; null for a text that tells of none. A state comes before a code: a code is only the last of the calls. */
export function readSession(text: string): PartnerSession | null {
  const read = told.safeParse(jsonOf(text));
  if (!read.success) return null;
  const { app_session_id: id, code, session_state: state, message, users, documents } = read.data;
  const said = read.data.value ?? {};
  return {
    id,
    phase: BY_STATE[state ?? ''] ?? BY_CODE[code ?? 0] ?? 'other',
    state: [state ?? '', code ?? ''].filter((word) => word !== '').join(' '),
    message: message ?? '',
    signers: namesOf(users),
    signed: namesOf(said.signed_users),
    refused: (said.refused_users ?? []).map((one) => (typeof one === 'string' ? { who: one, reason: '' } : { who: one.email, reason: one.reason ?? '' })),
    links: linksOf(said.sign_session_url),
    codes: (documents ?? []).map(({ uniqueCode }) => uniqueCode),
  };
}

/** Undefined for what is no JSON. */
export function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function namesOf(given: z.infer<typeof people>): readonly string[] {
  return (given ?? []).map((one) => (typeof one === 'string' ? one : one.email));
}

/** One address for all, or one for each, however that is written. */
function linksOf(given: z.infer<typeof value>['sign_session_url']): PartnerSession['links'] {
  if (given === null || given === undefined) return [];
  if (typeof given === 'string') return [{ who: '', url: given }];
  if (!Array.isArray(given)) return Object.entries(given).map(([who, url]) => ({ who, url }));
  return given.map((one) => (typeof one === 'string' ? { who: '', url: one } : { who: one.email, url: one.url ?? '' })).filter(({ url }) => url !== '');
}

import { randomUUID } from 'node:crypto';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { createDeskSigners } from '../../src/signature-desk/desk-signers.js';
import { signPdf } from '../../src/signature-desk/sign-pdf.js';
import type { SimulatedDocument, SimulatedSession } from './simulated-session.js';

const KEPT = 'sessions.json';
const SEAL = 'Cachet de la ville';

/** How a session goes on. `slow`: creation waits for `create`. `uploadFails`: signed files do not come back until `upload`. */
export interface Mishaps {
  slow: boolean;
  uploadFails: boolean;
}

/** Sessions over there, in memory and on disk. Each change is told to `changed`, with the code of the call back that it is worth. */
export interface SimulatedSessions {
  /** Where files that arrive are written. */
  readonly folder: string;
  readonly mishaps: Mishaps;
  all(): readonly SimulatedSession[];
  find(id: string): SimulatedSession | undefined;
  /** The live session that a document is in. */
  holding(code: string): SimulatedSession | undefined;
  create(session: SimulatedSession): Promise<void>;
  open(session: SimulatedSession): Promise<void>;
  fail(session: SimulatedSession, message: string): Promise<void>;
  /** Resolves once it is written down; where all have signed, with real signatures in the documents. Throws for who may not. */
  sign(session: SimulatedSession, email: string): Promise<void>;
  refuse(session: SimulatedSession, email: string, reason: string): Promise<void>;
  /** The signed files come back; `contents` in place of them. */
  complete(session: SimulatedSession, contents?: readonly Buffer[]): Promise<void>;
  cancel(session: SimulatedSession): Promise<'cancelled' | 'too-late'>;
  close(): Promise<void>;
}

export interface SessionsParts {
  /** Where they are kept over restarts; a temporary folder that is removed at the end if not given. */
  readonly folder?: string | undefined;
  readonly changed: (session: SimulatedSession, code: number) => void;
}

export async function openSessions({ folder, changed }: SessionsParts): Promise<SimulatedSessions> {
  const root = folder ?? await mkdtemp(path.join(os.tmpdir(), 'relais-sessions-'));
  await mkdir(root, { recursive: true });
  const sessions = await keptSessions(root);
  const signers = createDeskSigners();
  const mishaps: Mishaps = { slow: false, uploadFails: false };
  let writing = Promise.resolve();

  async function change(session: SimulatedSession, to: Partial<SimulatedSession>, code: number): Promise<void> {
    Object.assign(session, to, { code });
    const text = JSON.stringify([...sessions.values()]);
    writing = writing.then(() => writeFile(path.join(root, KEPT), text));
    await writing;
    changed(session, code);
  }

  const open = (session: SimulatedSession): Promise<void> => change(session, { state: 'to_sign' }, 21);

  async function complete(session: SimulatedSession, contents?: readonly Buffer[]): Promise<void> {
    for (const [index, document] of session.documents.entries()) {
      const content = contents?.[index] ?? await signedContent(document, session);
      document.signed = path.join(root, randomUUID());
      await writeFile(document.signed, content);
    }
    await (mishaps.uploadFails ? change(session, { state: 'to_upload' }, 53) : change(session, { state: 'completed' }, 23));
  }

  async function signedContent(document: SimulatedDocument, { users, seal }: SimulatedSession): Promise<Buffer> {
    let content: Buffer = await readFile(document.path);
    for (const name of seal ? [...users, SEAL] : users) content = await signPdf(content, await signers.of(name), { at: Date.now() });
    return content;
  }

  return {
    folder: root, mishaps, open, complete,
    all: () => [...sessions.values()],
    find: (id) => sessions.get(id),
    holding: (code) => [...sessions.values()].find(({ state, documents }) => !['session_creation_failed', 'cancelled'].includes(state) && documents.some((document) => document.code === code)),
    async create(session) {
      sessions.set(session.id, session);
      await (mishaps.slow ? change(session, {}, 0) : open(session));
    },
    fail: (session, message) => change(session, { state: 'session_creation_failed', message }, 51),
    async sign(session, email) {
      requireAwaited(session, email);
      await change(session, { signed: [...session.signed, email] }, 22);
      if (session.signed.length === session.users.length) await complete(session);
    },
    async refuse(session, email, reason) {
      requireAwaited(session, email);
      await change(session, { state: 'refused', refused: email, message: reason }, 52);
    },
    async cancel(session) {
      if (!['to_create_session', 'to_sign'].includes(session.state) || session.signed.length > 0) return 'too-late';
      await change(session, { state: 'cancelled' }, 0);
      return 'cancelled';
    },
    async close() {
      await writing;
      if (folder === undefined) await rm(root, { recursive: true, force: true });
    },
  };
}

async function keptSessions(root: string): Promise<Map<string, SimulatedSession>> {
  const text = await readFile(path.join(root, KEPT), 'utf8').catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return '[]';
    throw error;
  });
  return new Map((JSON.parse(text) as SimulatedSession[]).map((session) => [session.id, session]));
}

function requireAwaited({ state, users, signed }: SimulatedSession, email: string): void {
  if (state !== 'to_sign') throw new Error(`La séance n’est pas à signer : ${state}.`);
  if (!users.includes(email)) throw new Error(`${email} n’est pas signataire ; attendus : ${users.join(', ')}.`);
  if (signed.includes(email)) throw new Error(`${email} a déjà signé.`);
}

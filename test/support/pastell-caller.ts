import { openPastellSimulator, type PastellSimulator, type PastellSimulatorOptions } from '../../connectors/pastell/simulator.js';
import { makePdf } from '../../src/signature-desk/make-pdf.js';

export const SIMULATED_PDF = makePdf(['Délibération du conseil']);

/** An answer, its body as JSON where it is some. */
export interface Called {
  readonly status: number;
  readonly headers: Headers;
  readonly bytes: Buffer;
  // What a server answers is anything.
  readonly json: any; // eslint-disable-line @typescript-eslint/no-explicit-any
}

/** Who talks to a simulated Pastell by hand, without the connector. */
export interface PastellCaller {
  readonly other: PastellSimulator;
  /** The simulator's clock, milliseconds. */
  pass(ms: number): void;
  call(method: string, path: string, body?: Record<string, string> | FormData, headers?: Record<string, string>): Promise<Called>;
  /** Below the entity's documents. */
  document(method: string, path: string, body?: Record<string, string> | FormData): Promise<Called>;
  create(type: string): Promise<string>;
  file(id: string, field: string, filename: string, content: Buffer): Promise<Called>;
  run(typed: string): Promise<readonly string[]>;
  state(id: string): Promise<string>;
  close(): Promise<void>;
}

export async function openPastellCaller(options: PastellSimulatorOptions = {}): Promise<PastellCaller> {
  let now = Date.UTC(2027, 2, 1, 9);
  const other = await openPastellSimulator({ clock: { now: () => now }, ...options });
  const { login, password } = other.settings as { login: string; password: string };
  const authorization = `Basic ${Buffer.from(`${login}:${password}`).toString('base64')}`;

  async function call(method: string, path: string, body?: Record<string, string> | FormData, headers: Record<string, string> = {}): Promise<Called> {
    const sent = body === undefined ? {} : { body: body instanceof FormData ? body : new URLSearchParams(body) };
    const answer = await fetch(`${other.url}${path.startsWith('/') ? path : `/api/v2/${path}`}`, { method, headers: { authorization, ...headers }, redirect: 'manual', ...sent });
    const bytes = Buffer.from(await answer.arrayBuffer());
    const isJson = answer.headers.get('content-type')?.startsWith('application/json') === true;
    return { status: answer.status, headers: answer.headers, bytes, json: isJson ? JSON.parse(bytes.toString('utf8')) : null };
  }

  const document = (method: string, path: string, body?: Record<string, string> | FormData) => call(method, `entite/12/document${path === '' || path.startsWith('?') ? path : `/${path}`}`, body);

  return {
    other, call, document,
    pass: (ms) => { now += ms; },
    create: async (type) => (await document('POST', '', { type })).json.id_d as string,
    file(id, field, filename, content) {
      const form = new FormData();
      form.set('file_name', filename);
      form.set('file_content', new Blob([new Uint8Array(content)]), 'upload.bin');
      return document('POST', `${id}/file/${field}`, form);
    },
    async run(typed) {
      const done = await other.commands?.run(typed);
      if (done === undefined) throw new Error(`nothing came of «${typed}»`);
      return done;
    },
    state: async (id) => (await document('GET', id)).json.last_action.action as string,
    close: () => other.close(),
  };
}

/** The fields of an act; `number` is used once. */
export function actFields(number: string): Record<string, string> {
  return { acte_nature: '1', numero_de_lacte: number, objet: 'Réfection de la rue Haute', date_de_lacte: '2027-02-26', classification: '7.1 Décisions budgétaires', envoi_tdt: '1' };
}

/** An act that is complete, in draft. */
export async function draftAct(caller: PastellCaller, number: string, { type = 'actes-generique', fields = {} }: { readonly type?: string; readonly fields?: Record<string, string> } = {}): Promise<string> {
  const id = await caller.create(type);
  await caller.document('PATCH', id, { ...actFields(number), ...fields });
  await caller.file(id, 'arrete', 'délibération.pdf', SIMULATED_PDF);
  await caller.document('PATCH', `${id}/externalData/type_piece`, { 'type_pj[]': '99_DE' });
  return id;
}

import { createHash, randomUUID } from 'node:crypto';

/** An object of the simulated site. */
export interface SiteObject {
  readonly path: string;
  readonly id: string;
  readonly uid: string;
  readonly type: string;
  fields: Record<string, unknown>;
  /** Of a file. */
  readonly sha256?: string;
  state: string;
}

export interface NewObject {
  readonly type: string;
  readonly id?: string;
  readonly fields: Record<string, unknown>;
}

/** Why something is not created. */
export type SiteRefusal = { readonly status: 400 | 403; readonly message: string };

/** The content of a small Plone site: a folder for mails, and permits that wait for their decision. */
export interface Site {
  readonly objects: ReadonlyMap<string, SiteObject>;
  create(container: string, wanted: NewObject): SiteObject | SiteRefusal;
  childrenOf(path: string): SiteObject[];
  /** Transitions that it offers now. */
  transitionsOf(object: SiteObject): readonly string[];
}

export const MAIL_FOLDER = '/incoming-mail';
export const PERMIT_TYPE = 'UrbanEvent';
const PERMITS = 500;

/** Uid of the permit of that number, counted from 1. */
export function permitUid(number: number): string {
  return `f${number.toString(16).padStart(31, '0')}`;
}

const TRANSITIONS: Readonly<Record<string, readonly string[]>> = { created: ['propose_to_agent', 'close'], proposed_to_agent: ['close'], closed: [] };
const AFTER: Readonly<Record<string, string>> = { propose_to_agent: 'proposed_to_agent', close: 'closed' };

/** State that a transition leads to. */
export function stateAfter(transition: string): string {
  return AFTER[transition] ?? 'created';
}

export function createSite(): Site {
  const objects = new Map<string, SiteObject>();
  const put = (path: string, object: Omit<SiteObject, 'path' | 'id' | 'state'>): SiteObject => {
    const made = { ...object, path, id: path.slice(path.lastIndexOf('/') + 1), state: 'created' };
    objects.set(path, made);
    return made;
  };
  put(MAIL_FOLDER, { uid: '1'.repeat(32), type: 'Folder', fields: {} });
  for (let number = 1; number <= PERMITS; number += 1) put(`/urban/permis-${number}`, { uid: permitUid(number), type: PERMIT_TYPE, fields: {} });

  return {
    objects,
    create(container, { type, id = type.toLowerCase(), fields }) {
      const path = `${container}/${id}`;
      if (!objects.has(container)) return { status: 403, message: `Cannot create ${type}` };
      if (objects.has(path)) return { status: 400, message: `The id "${id}" is invalid - it is already in use.` };
      if (typeof fields['title'] !== 'string' || fields['title'] === '') return { status: 400, message: "[{'field': 'title', 'message': u'Required input is missing.', 'error': 'ValidationError'}]" };
      return put(path, { uid: randomUUID().replaceAll('-', ''), type, fields, ...hashOf(fields) });
    },
    childrenOf: (path) => [...objects.values()].filter((object) => object.path.startsWith(`${path}/`) && !object.path.slice(path.length + 1).includes('/')),
    transitionsOf: ({ state }) => TRANSITIONS[state] ?? [],
  };
}

function hashOf(fields: Record<string, unknown>): { readonly sha256?: string } {
  const { file } = fields as { file?: { data?: string } };
  return file?.data === undefined ? {} : { sha256: createHash('sha256').update(Buffer.from(file.data, 'base64')).digest('hex') };
}

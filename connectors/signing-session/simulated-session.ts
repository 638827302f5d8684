/** A session of the simulated partner; states are those of contracts/iparapheur.md §5.4, and `cancelled`. */
export interface SimulatedSession {
  readonly id: string;
  readonly name: string;
  readonly endpointUrl: string;
  readonly users: readonly string[];
  readonly watchers: readonly string[];
  readonly seal: boolean;
  readonly acroform: boolean;
  readonly documents: readonly SimulatedDocument[];
  state: string;
  /** Of the last call back. */
  code: number;
  signed: readonly string[];
  refused: string | null;
  message: string;
}

export interface SimulatedDocument {
  readonly code: string;
  /** Which item it is of, as its name over there says. */
  readonly itemUid: string;
  readonly filename: string;
  readonly sha256: string;
  readonly size: number;
  /** Where its bytes are. */
  readonly path: string;
  /** Where those of the signed one are, once it is. */
  signed?: string;
}

/** What the gateway tells of a session, when it calls back and when it is asked. `link` is where somebody signs. */
export function toldOf(session: SimulatedSession, link: (email: string) => string): object {
  const { id, code, state, users, signed, refused, message, documents } = session;
  return {
    app_session_id: id,
    code,
    session_state: state,
    value: {
      ...(state === 'to_sign' && { sign_session_url: Object.fromEntries(users.map((email) => [email, link(email)])) }),
      ...(signed.length > 0 && { signed_users: signed }),
      ...(refused !== null && { refused_users: [refused] }),
    },
    message,
    users,
    documents: documents.map(({ code: uniqueCode, filename }) => ({ uniqueCode, filename })),
  };
}

/** The session that a form hands over, or what is wrong with it. */
export function sessionOf(data: string, files: readonly { readonly filename: string | undefined; readonly sha256: string; readonly size: number; readonly path: string | undefined }[]): SimulatedSession | string {
  const { commonData, signData, sealData } = JSON.parse(data) as Posted;
  const names = commonData.documentData.map(({ filename }) => filename);
  if (new Set(names.map((name) => name.toLowerCase())).size !== names.length) return 'two documents have one name';
  if (names.length === 0 || names.length !== files.length || files.some(({ filename }, index) => filename !== names[index])) return 'the files are not those of documentData';
  if (signData.users.length === 0) return 'nobody signs';
  return {
    id: commonData.imioAppSessionId, name: commonData.sessionName, endpointUrl: commonData.endpointUrl,
    users: signData.users, watchers: signData.watchers ?? [], acroform: signData.acroform, seal: sealData !== undefined,
    documents: commonData.documentData.map(({ uniqueCode, docUuid, filename }, index) => {
      const { sha256 = '', size = 0, path = '' } = files[index] ?? {};
      return { code: uniqueCode, itemUid: docUuid.replace(/-\d+$/, ''), filename, sha256, size, path };
    }),
    state: 'to_create_session', code: 0, signed: [], refused: null, message: '',
  };
}

interface Posted {
  readonly commonData: {
    readonly endpointUrl: string;
    readonly imioAppSessionId: string;
    readonly sessionName: string;
    readonly documentData: readonly { readonly filename: string; readonly uniqueCode: string; readonly docUuid: string }[];
  };
  readonly signData: { readonly users: readonly string[]; readonly acroform: boolean; readonly watchers?: readonly string[] };
  readonly sealData?: object;
}

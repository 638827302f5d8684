import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { iParapheurSettings, type IParapheurSettings } from '../../connectors/i-parapheur/config.js';
import type { ConnectorContext } from '../../src/connector-api/connector.js';
import type { Annex } from '../../src/domain/item.js';
import { scriptedHttp, type ScriptedAnswer } from './http-answer.js';
import { recordingLogger, type RecordingLogger } from './recording-logger.js';
import { sampleAnnex } from './sample-item.js';

const NAMESPACE = 'http://www.adullact.org/spring-ws/iparapheur/1.0';

/** What the service answers to an operation: the inside of its response element, or a whole HTTP answer. Given the request. */
export type Reply = string | ScriptedAnswer | ((request: string) => string | ScriptedAnswer);

export const OK = message('OK');

export function message(code: string, text = '', severity = code === 'OK' ? 'INFO' : 'ERROR'): string {
  return `<MessageRetour><codeRetour>${code}</codeRetour><message>${text}</message><severite>${severity}</severite></MessageRetour>`;
}

/** Oldest first: `[status, who, annotation]`, one a minute. */
export function history(...rows: readonly (readonly [status: string, who?: string, annotation?: string])[]): string {
  return rows.map(([status, who = 'Jeanne Dupont', annotation], index) => `<LogDossier><timestamp>2027-03-01T10:0${index}:00.000+01:00</timestamp><nom>${who}</nom><status>${status}</status>`
    + `${annotation === undefined ? '' : `<annotation>${annotation}</annotation>`}</LogDossier>`).join('');
}

/** Rows of a search: the name is the id of the folder. */
export function found(...folders: readonly (readonly [id: string, status: string])[]): string {
  return history(...folders.map(([id, status]) => [status, id] as const));
}

export function fileElement(name: string, content: Buffer, contentType = 'application/pdf'): string {
  return `<${name} m:contentType="${contentType}" xmlns:m="http://www.w3.org/2005/05/xmlmime">${content.toString('base64')}</${name}>`;
}

export function annexElement(filename: string, content: Buffer, mimetype = 'application/pdf', signature = ''): string {
  return `<DocAnnexe><nom>${filename}</nom>${fileElement('fichier', content, mimetype)}<mimetype>${mimetype}</mimetype><encoding>UTF-8</encoding>${signature}</DocAnnexe>`;
}

export function fault(code: string, text: string): ScriptedAnswer {
  const body = `<S:Envelope xmlns:S="http://schemas.xmlsoap.org/soap/envelope/"><S:Body><S:Fault><faultcode>${code}</faultcode><faultstring>${text}</faultstring></S:Fault></S:Body></S:Envelope>`;
  return { status: 500, headers: { 'content-type': 'text/xml' }, body };
}

export interface ScriptedParapheur {
  readonly context: ConnectorContext;
  readonly settings: IParapheurSettings;
  readonly logger: RecordingLogger;
  /** Operations in the order in which they were asked for; `mark` stands among them. */
  readonly asked: string[];
  /** The last request of an operation. */
  request(operation: string): string;
  /** Keeps a file as an annex of the item would be. */
  annex(filename: string, content: Buffer, mediaType?: string): Annex;
  blob(sha256: string): Buffer | undefined;
  answer(replies: Readonly<Record<string, Reply>>): void;
  /** Lets the time pass, milliseconds. */
  pass(ms: number): void;
}

/** The service as a script, without a network: one type with one sub-type unless told otherwise. */
export function scriptedParapheur(replies: Readonly<Record<string, Reply>> = {}, change: Partial<Record<keyof IParapheurSettings, unknown>> = {}): ScriptedParapheur {
  const answers = new Map<string, Reply>(Object.entries({
    GetListeTypes: '<TypeTechnique>Courrier</TypeTechnique>', GetListeSousTypes: '<SousType>Sortant</SousType>', GetMetaDonneesRequisesPourTypeSoustype: '', ...replies,
  }));
  const blobs = new Map<string, Buffer>();
  const asked: string[] = [];
  const requests = new Map<string, string>();
  const logger = recordingLogger();
  let now = Date.UTC(2027, 2, 1, 9);
  const { call, asked: exchanges } = scriptedHttp(() => answerOf(exchanges.at(-1)?.sent ?? ''));

  function answerOf(sent: string): ScriptedAnswer {
    const operation = /<(?:\w+:)?(\w+)Request\b/.exec(sent)?.[1] ?? '';
    asked.push(operation);
    requests.set(operation, sent);
    const reply = answers.get(operation);
    if (reply === undefined) throw new Error(`nothing is scripted for ${operation}`);
    const given = typeof reply === 'function' ? reply(sent) : reply;
    return typeof given === 'string' ? envelope(operation, given) : given;
  }

  function keep(content: Buffer): string {
    const sha256 = createHash('sha256').update(content).digest('hex');
    blobs.set(sha256, content);
    return sha256;
  }

  return {
    logger, asked,
    settings: iParapheurSettings.parse({ url: 'https://parapheur.example/ws-iparapheur-no-mtom', login: 'relais@ville', password: 'p4ssword', type: 'Courrier', subtype: 'Sortant', ...change }),
    context: {
      logger, clock: { now: () => now }, signal: new AbortController().signal, callBackUrl: 'https://relais.example/callbacks/parapheur', http: call,
      markSent: () => { asked.push('mark'); return Promise.resolve(); },
      blobs: {
        read: (sha256) => Readable.from([blobs.get(sha256) ?? Buffer.alloc(0)]),
        async keep(content) {
          const chunks: Uint8Array[] = [];
          for await (const chunk of content) chunks.push(chunk);
          const whole = Buffer.concat(chunks);
          return { sha256: keep(whole), size: whole.length };
        },
      },
    },
    request: (operation) => requests.get(operation) ?? '',
    annex: (filename, content, mediaType = 'application/pdf') => sampleAnnex(filename, { mediaType, size: content.length, sha256: keep(content) }),
    blob: (sha256) => blobs.get(sha256),
    answer: (more) => { for (const [operation, reply] of Object.entries(more)) answers.set(operation, reply); },
    pass: (ms) => { now += ms; },
  };
}

/** With a prefix that no version uses: only names count. */
function envelope(operation: string, inside: string): ScriptedAnswer {
  const body = `<?xml version="1.0" encoding="UTF-8"?><zz:Envelope xmlns:zz="http://schemas.xmlsoap.org/soap/envelope/"><zz:Body>`
    + `<${operation}Response xmlns="${NAMESPACE}">${inside}</${operation}Response></zz:Body></zz:Envelope>`;
  return { status: 200, headers: { 'content-type': 'text/xml; charset=utf-8' }, body };
}

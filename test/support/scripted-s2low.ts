import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { s2lowSettings, type S2lowSettings } from '../../connectors/s2low/config.js';
import { s2low } from '../../connectors/s2low/index.js';
import type { ConnectorContext, Receipt, ResultDocument, Submission, Tracking } from '../../src/connector-api/connector.js';
import type { HttpRequest } from '../../src/connector-api/http.js';
import type { Annex } from '../../src/domain/item.js';
import { makePdf } from '../../src/signature-desk/make-pdf.js';
import { httpAnswer, type ScriptedAnswer } from './http-answer.js';
import { recordingLogger, type RecordingLogger } from './recording-logger.js';
import { sampleAnnex, sampleItem } from './sample-item.js';

export const PDF = makePdf(['Délibération du conseil', 'Réfection de la rue Haute']);

/** As the platform keeps it: ISO-8859-1 throughout. */
export function latin1(text: string): Buffer {
  return Buffer.from(text, 'latin1');
}

export interface Asked extends HttpRequest {
  readonly path: string;
  readonly query: URLSearchParams;
  /** Bytes that were sent, as ISO-8859-1. */
  readonly sent: string;
}

/** What a path answers: a body with status 200, or a whole answer. */
export type Reply = string | Buffer | ScriptedAnswer | ((asked: Asked) => string | Buffer | ScriptedAnswer);

export interface ScriptedS2low {
  readonly context: ConnectorContext;
  readonly logger: RecordingLogger;
  /** `METHOD path?query`, `mark` among them, without the question whether the account is let in. */
  readonly calls: string[];
  readonly requests: Asked[];
  /** Changes what paths answer; the last name of a path is enough. */
  answer(replies: Readonly<Record<string, Reply>>): void;
  settings(change?: Readonly<Record<string, unknown>>): S2lowSettings;
  annex(filename: string, content?: Buffer, change?: Partial<Annex>): Annex;
  act(fields?: Submission['fields'], annexes?: readonly Annex[]): Submission;
  pes(content: Buffer, filename?: string): Submission;
  submission(operation: string, fields: Submission['fields'], annexes?: readonly Annex[]): Submission;
  content(document: Pick<ResultDocument, 'sha256'> | undefined): Buffer;
  track(receipt: Receipt, settings?: S2lowSettings): Promise<Tracking>;
  /** The value of a field of the form that went to a path. */
  field(path: string, name: string): string | undefined;
  pass(ms: number): void;
}

const CLASSIFICATION = latin1(`<?xml version="1.0" encoding="ISO-8859-1"?>
<actes:RetourClassification xmlns:actes="http://www.interieur.gouv.fr/ACTES#v1.1-20040216">
<actes:DateClassification>2027-01-01</actes:DateClassification>
<actes:NaturesActes>
<actes:NatureActe actes:CodeNatureActe="1" actes:Libelle="Délibérations" actes:TypeAbrege="DE"><actes:TypePJNatureActe actes:CodeTypePJ="99_DE" actes:Libelle="Délibération"/><actes:TypePJNatureActe actes:CodeTypePJ="22_PL" actes:Libelle="Plan"/></actes:NatureActe>
<actes:NatureActe actes:CodeNatureActe="5" actes:Libelle="Documents budgétaires" actes:TypeAbrege="BF"><actes:TypePJNatureActe actes:CodeTypePJ="99_BU" actes:Libelle="Budget"/></actes:NatureActe>
</actes:NaturesActes>
<actes:Matieres><actes:Matiere1 actes:CodeMatiere="7" actes:Libelle="Finances locales"><actes:Matiere2 actes:CodeMatiere="1" actes:Libelle="Décisions budgétaires"/><actes:Matiere2 actes:CodeMatiere="10" actes:Libelle="Divers"/></actes:Matiere1></actes:Matieres>
</actes:RetourClassification>`);

const ACT = { number: '2027_012', nature: '1', classification: '7.1', decisionDate: '2027-02-15', subject: 'Réfection de la rue Haute', mainDocument: 'acte.pdf' };

/** The connector before a platform that is a script: account let in, one classification, nothing else. */
export function scriptedS2low(replies: Readonly<Record<string, Reply>> = {}): ScriptedS2low {
  const answers = new Map<string, Reply>(Object.entries({ 'test-connexion.php': 'OK', 'actes_classification_fetch.php': CLASSIFICATION, ...replies }));
  const blobs = new Map<string, Buffer>();
  const calls: string[] = [];
  const requests: Asked[] = [];
  const logger = recordingLogger();
  let now = Date.UTC(2027, 2, 1, 9);

  function keep(content: Buffer): { sha256: string; size: number } {
    const sha256 = createHash('sha256').update(content).digest('hex');
    blobs.set(sha256, content);
    return { sha256, size: content.length };
  }

  async function http(request: HttpRequest) {
    const sent = await bytesOf(request.body);
    const { pathname: path, searchParams: query } = new URL(request.url);
    const asked: Asked = { ...request, path, query, sent: sent.toString('latin1') };
    requests.push(asked);
    const name = path.split('/').at(-1) ?? '';
    if (name !== 'test-connexion.php') calls.push(`${request.method} ${name}${query.size === 0 ? '' : `?${decodeURIComponent(query.toString())}`}`);
    const reply = answers.get(path) ?? answers.get(name);
    if (reply === undefined) throw new Error(`nothing is scripted for ${path}`);
    const given = typeof reply === 'function' ? reply(asked) : reply;
    return httpAnswer(typeof given === 'string' || Buffer.isBuffer(given) ? { status: 200, body: given } : given);
  }

  const context: ConnectorContext = {
    logger, clock: { now: () => now }, signal: new AbortController().signal, callBackUrl: 'https://relais.example/callbacks/s2low', http,
    markSent: () => { calls.push('mark'); return Promise.resolve(); },
    blobs: {
      read: (sha256) => Readable.from([blobs.get(sha256) ?? Buffer.alloc(0)]),
      async keep(content) {
        const chunks: Uint8Array[] = [];
        for await (const chunk of content) chunks.push(chunk);
        return keep(Buffer.concat(chunks));
      },
    },
  };
  const rig: ScriptedS2low = {
    context, logger, calls, requests,
    answer: (more) => { for (const [name, reply] of Object.entries(more)) answers.set(name, reply); },
    settings: (change = {}) => s2lowSettings.parse({ url: 'http://s2low.example', login: 'relais', password: 'motdépasse', language: 'en', ...change }),
    annex: (filename, content = PDF, change = {}) => sampleAnnex(filename, { mediaType: filename.endsWith('.xml') ? 'application/xml' : 'application/pdf', ...keep(content), ...change }),
    submission: (operation, fields, annexes = []) => ({ key: 'delivery-1', operation, item: sampleItem({ title: 'Réfection de la rue Haute', annexes }), fields, results: {} }),
    act: (fields = {}, annexes = [rig.annex('acte.pdf')]) => rig.submission('transmit-act', { ...ACT, ...fields }, annexes),
    pes: (content, filename = 'flux.xml') => rig.submission('transmit-pes', {}, [rig.annex(filename, content)]),
    content: (document) => blobs.get(document?.sha256 ?? '') ?? Buffer.alloc(0),
    track(receipt, settings = rig.settings()) {
      if (s2low.track === undefined) throw new Error('the connector has no track');
      return s2low.track(JSON.parse(JSON.stringify(receipt)) as Receipt, {} as Submission, settings, context);
    },
    field(path, name) {
      const sent = requests.findLast((one) => one.path.endsWith(path))?.sent ?? '';
      return new RegExp(`name="${name.replace(/[[\]]/g, '\\$&')}"(?:; filename="[^"]*")?\r\n[^]*?\r\n\r\n([^]*?)\r\n--relais-`).exec(sent)?.[1];
    },
    pass: (ms) => { now += ms; },
  };
  return rig;
}

async function bytesOf(body: HttpRequest['body']): Promise<Buffer> {
  if (!(body instanceof Readable)) return Buffer.from(body ?? '');
  const chunks: Buffer[] = [];
  for await (const chunk of body) chunks.push(Buffer.from(chunk as Buffer));
  return Buffer.concat(chunks);
}

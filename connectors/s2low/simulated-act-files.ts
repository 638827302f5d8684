import type { HttpReply } from '../../src/connector-kit/http-simulator.js';
import { jsonReply } from '../../src/connector-kit/http-text.js';
import type { DeskFile } from '../../src/signature-desk/desk-folder.js';
import type { Exchange, FiledAct, Letter } from '../../src/state-desk/exchange.js';
import { ko, redirect } from './simulated-answers.js';
import { encodingOf, type Call, type Endpoints, type Platform } from './simulated-platform.js';
import { exchangeStatus, typeOf } from './simulated-status.js';

const PREFIX = '/modules/actes';
const ERROR_PAGE = `${PREFIX}/index.php`;
/** A file id is made of the transaction and of the position of the file. */
const POSITIONS = 100;

/** Files of acts and of letters: errors are no KO but redirections to a page (contracts/s2low.md §2, §3). */
export function actFileEndpoints(platform: Platform): Endpoints {
  const { desk, has } = platform;
  return {
    [`${PREFIX}/actes_transac_get_files_list.php`]: ({ query, account }) => {
      const act = actOf(platform, query.get('transaction'), account.authority);
      if (act === undefined) return ko('Transaction inconnue ou accès refusé', encodingOf(platform));
      // the history holds nothing but 1, 2 and 3 (§3.4)
      if (has('files-later') || ['posted', 'queued', 'sent'].includes(act.stage)) return ko('La liste des fichiers n\'est pas encore disponible', encodingOf(platform));
      return jsonReply(filesList(act, platform));
    },
    [`${PREFIX}/actes_create_pdf.php`]: ({ query, account }) => {
      const act = actOf(platform, query.get('trans_id'), account.authority);
      return act?.receivedOn === undefined || act.receivedOn === null || has('files-later') ? redirect(ERROR_PAGE) : pdf(desk.prefecture.slip(act));
    },
    [`${PREFIX}/actes_transac_get_ARActe.php`]: ({ query, account }) => {
      const act = actOf(platform, query.get('id'), account.authority);
      return act?.receivedOn === undefined || act.receivedOn === null || act.message === null ? redirect(ERROR_PAGE) : fileReply(act.message, platform);
    },
    [`${PREFIX}/actes_download_file.php`]: ({ query, account }) => download(query, account.authority, platform),
    [`${PREFIX}/actes_transac_get_tampon.php`]: ({ query, account }) => {
      const act = actOf(platform, query.get('transaction'), account.authority);
      if (act?.receivedOn === undefined || act.receivedOn === null) return ko('L\'acte n\'a pas été acquitté', encodingOf(platform));
      return redirect(`${PREFIX}/actes_download_file.php?file=${fileId(act, 1)}&tampon=true`);
    },
    [`${PREFIX}/actes_transac_get_document.php`]: (call) => documents(call, platform),
  };
}

/** An act that the authority may see. */
export function actOf({ desk }: Platform, id: string | null, authority: string): FiledAct | undefined {
  const found = desk.prefecture.find(id ?? '');
  return found?.kind === 'act' && found.authority === authority ? found : undefined;
}

/** All values are texts (§3.4). */
function filesList(act: FiledAct, { desk }: Platform): readonly object[] {
  const message = { id: fileId(act, 0), name: `${act.actId}-1-1_0.xml`, posted_filename: '', mimetype: 'text/xml', size: String(desk.prefecture.actFile(act).length), sign: '', code_pj: '' };
  return [message, ...act.documents.map(({ filename, postedAs, mediaType, size, typology }, index) => ({
    id: fileId(act, index + 1), name: filename, posted_filename: postedAs, mimetype: mediaType, size: String(size), sign: '', code_pj: typology,
  }))];
}

function fileId({ id }: FiledAct, index: number): string {
  return String(Number(id) * POSITIONS + index);
}

async function download(query: URLSearchParams, authority: string, platform: Platform): Promise<HttpReply> {
  const envelope = query.get('env');
  if (envelope !== null) return letterArchive(envelope, authority, platform);
  const file = Number(query.get('file') ?? '');
  const act = actOf(platform, String(Math.floor(file / POSITIONS)), authority);
  const reply = act === undefined ? null : await actFile(act, file % POSITIONS, query, platform);
  return reply ?? redirect(ERROR_PAGE);
}

function letterArchive(id: string, authority: string, platform: Platform): HttpReply {
  const letter = platform.desk.prefecture.find(id);
  return letter?.kind === 'letter' && letter.authority === authority ? fileReply(letter.archive, platform) : redirect(ERROR_PAGE);
}

/** The message of an act, a document, or a document with its stamp; null where there is none. */
async function actFile(act: FiledAct, index: number, query: URLSearchParams, platform: Platform): Promise<HttpReply | null> {
  const { prefecture } = platform.desk;
  if (index === 0) return { status: 200, headers: { 'content-type': 'application/xml' }, body: prefecture.actFile(act) };
  const document = act.documents[index - 1];
  if (document === undefined || query.get('tampon') !== 'true') return document === undefined ? null : fileReply(document, platform);
  const stamped = act.receivedOn === null ? null : await prefecture.stamped(act, index - 1, query.get('date_affichage') ?? undefined);
  return stamped === null ? null : pdf(stamped);
}

/** Of an act: a line for each exchange about it. Of a letter: where its archive is (§3.5). */
async function documents({ query, account }: Call, platform: Platform): Promise<HttpReply> {
  const { prefecture } = platform.desk;
  const found = prefecture.find(query.get('id') ?? query.get('unique_id') ?? '');
  if (found === undefined || found.authority !== account.authority) return ko('Transaction inconnue ou accès refusé', encodingOf(platform));
  if (found.kind === 'letter') return redirect(`${PREFIX}/actes_download_file.php?env=${found.id}`);
  const shown = prefecture.list().filter((one): one is Letter | Extract<Exchange, { kind: 'cancellation' }> => (one.kind === 'letter' || one.kind === 'cancellation') && one.about === found.id).map((one) => answerOr(one, prefecture.list()));
  const lines = shown.map((one) => `${typeOf(one)}-${exchangeStatus(one)}-${one.id}\n`);
  // the platform goes on meanwhile, for instance with its own receipt of a letter
  for (const one of shown) await prefecture.look(one.id);
  return { status: 200, headers: { 'content-type': 'text/plain' }, body: lines.join('') };
}

/** Once there is a reply to a letter, it is shown in place of it. */
function answerOr(exchange: Exchange, all: readonly Exchange[]): Exchange {
  return all.findLast((one) => one.kind === 'reply' && one.about === exchange.id) ?? exchange;
}

function fileReply({ mediaType, sha256, size }: DeskFile, { desk }: Platform): HttpReply {
  return { status: 200, headers: { 'content-type': mediaType }, body: { size, open: () => desk.files.read(sha256) } };
}

function pdf(body: Buffer): HttpReply {
  return { status: 200, headers: { 'content-type': 'application/pdf' }, body };
}

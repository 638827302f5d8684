import type { HttpReply } from '../../src/connector-kit/http-simulator.js';
import { jsonReply } from '../../src/connector-kit/http-text.js';
import type { Exchange } from '../../src/state-desk/exchange.js';
import { ko } from './simulated-answers.js';
import { actFileEndpoints, actOf } from './simulated-act-files.js';
import { createAct } from './simulated-create.js';
import { done, encodingOf, isApi, orKo, refusal, type Call, type Endpoints, type Platform } from './simulated-platform.js';
import { keptDocument, sniffed, withForm } from './simulated-posted-files.js';
import { exchangeStatus, STATUS_LABELS, typeOf } from './simulated-status.js';

const PREFIX = '/modules/actes';
const NO_RIGHT = 'Vous n\'avez pas le droit de télétransmettre';
/** An act can be closed once the time for appeals is over (contracts/s2low.md §4). */
const TWO_MONTHS_MS = 61 * 86_400_000;

/** The module of acts (contracts/s2low.md §3). */
export function actEndpoints(platform: Platform): Endpoints {
  const { prefecture } = platform.desk;
  return {
    ...actFileEndpoints(platform), ...actListEndpoints(platform),
    [`${PREFIX}/actes_transac_create.php`]: (call) => createAct(call, platform),
    [`${PREFIX}/actes_transac_get_status.php`]: (call) => status(call, platform),
    [`${PREFIX}/actes_transac_cancel.php`]: (call) => cancel(call, platform),
    [`${PREFIX}/actes_transac_reponse_create.php`]: (call) => reply(call, platform),
    [`${PREFIX}/actes_transac_close.php`]: (call) => close(call, platform),
    [`${PREFIX}/actes_classification_fetch.php`]: ({ query }) => {
      if (platform.has('no-classification')) return refusal('Aucune classification n\'a été récupérée', isApi(query), platform);
      return { status: 200, headers: { 'content-type': 'text/xml' }, body: prefecture.classificationFile() };
    },
    [`${PREFIX}/actes_classification_request.php`]: async ({ query, account }) => (account.right === 'TT' ? done((await prefecture.requestClassification(account.authority)).id, isApi(query)) : refusal(NO_RIGHT, isApi(query), platform)),
  };
}

function cancel({ request, account }: Call, platform: Platform): Promise<HttpReply> {
  return withForm(request, (form) => {
    const isPosted = form.text('api') === '1';
    return orKo(platform, isPosted, async () => {
      if (account.right !== 'TT' || actOf(platform, form.text('id'), account.authority) === undefined) return refusal(NO_RIGHT, isPosted, platform);
      return done((await platform.desk.prefecture.cancel(form.text('id'))).id, isPosted);
    });
  });
}

/** The status line, and after it what the prefecture wrote, byte for byte (§3.3). */
async function status({ query, account }: Call, platform: Platform): Promise<HttpReply> {
  const { prefecture } = platform.desk;
  const id = query.get('transaction') ?? '';
  if (prefecture.find(id)?.authority !== account.authority) return ko('Transaction inconnue ou accès refusé', encodingOf(platform));
  const told = await prefecture.look(id);
  return { status: 200, headers: { 'content-type': 'text/plain' }, body: Buffer.concat([Buffer.from(`OK\n${exchangeStatus(told)}\n`), await payload(told, platform)]) };
}

/** An anomaly is followed at once by its words (§3.3). */
async function payload(exchange: Exchange, { desk }: Platform): Promise<Buffer> {
  if (!['acknowledged', 'cancelled', 'error'].includes(exchange.stage)) return Buffer.alloc(0);
  const message = exchange.message === null ? Buffer.alloc(0) : await desk.files.whole(exchange.message.sha256);
  return exchange.stage === 'error' ? Buffer.concat([message, Buffer.from(exchange.reason, 'latin1')]) : message;
}

/** `actes_transac_reponse_create.php` (§3.6). With `api=1` in the query the answer is on one line. */
function reply({ request, query, account }: Call, platform: Platform): Promise<HttpReply> {
  return withForm(request, async (form) => {
    const isPosted = form.text('api') === '1';
    const no = (words: string): HttpReply => (isApi(query) && !isPosted ? oneLine('KO', words) : refusal(words, isPosted, platform));
    const [main, typology] = [form.file('acte_pdf_file'), form.text('type_acte')];
    if (main === undefined || typology === '') return no('Le fichier de réponse et son type sont exigés : rien n\'a été envoyé');
    if (platform.desk.prefecture.find(form.text('id'))?.authority !== account.authority) return no('Le document de la préfecture est inconnu ou n\'est pas accessible');
    const parts = [main, ...form.files('acte_attachments[]')];
    const typologies = [typology, ...form.texts('type_pj[]')];
    const documents = await Promise.all(parts.map(async (part, index) => {
      const kind = await sniffed(part) ?? 'pdf';
      return keptDocument(part, { filename: `reponse-${form.text('id')}_${index + 1}.${kind}`, typology: typologies[index] ?? '', kind }, platform.desk.files);
    }));
    return orKo(platform, isPosted, async () => {
      const { id } = await platform.desk.prefecture.reply({ authority: account.authority, about: form.text('id'), refuses: form.text('type_envoie') === '3', documents });
      return isApi(query) && !isPosted ? oneLine('OK', `la réponse est créée ${id}`) : done(id, isPosted);
    });
  });
}

function oneLine(verdict: string, words: string): HttpReply {
  return { status: 200, headers: { 'content-type': 'text/plain' }, body: Buffer.from(`${verdict} : ${words}\n`, 'latin1') };
}

function close({ request, account }: Call, platform: Platform): Promise<HttpReply> {
  return withForm(request, async (form) => {
    const isPosted = form.text('api') === '1';
    const act = actOf(platform, form.text('id'), account.authority);
    const stage = { valid: 'closed', invalid: 'refused' }[form.text('status')] as 'closed' | 'refused' | undefined;
    if (act?.receivedOn === undefined || act.receivedOn === null || stage === undefined) return refusal('L\'acte ne peut pas être clôturé : il n\'est pas acquitté', isPosted, platform);
    if (platform.clock.now() - Date.parse(act.receivedOn) < TWO_MONTHS_MS) return refusal('Le délai légal de deux mois n\'est pas écoulé', isPosted, platform);
    await platform.desk.prefecture.close(act.id, stage);
    return done('Transaction clôturée', isPosted);
  });
}

/** Lists in JSON. Identifiers are numbers here and texts there, as they are over there (§3.5). */
function actListEndpoints({ desk: { prefecture } }: Platform): Endpoints {
  const inStatus = (status: number, authority: string) => prefecture.list().filter((one) => one.authority === authority && one.kind !== 'letter' && exchangeStatus(one) === status);
  return {
    [`${PREFIX}/api/list_actes.php`]: ({ query, account }) => {
      const [status, offset, limit] = [Number(query.get('status_id')), Number(query.get('offset') ?? 0), Number(query.get('limit') ?? 100)];
      const rows = inStatus(status, account.authority).toReversed().slice(offset, offset + limit);
      return jsonReply({ status_id: status, authority_id: 7, offset, limit, transactions: rows.map(row) });
    },
    [`${PREFIX}/api/number_actes.php`]: ({ query, account }) => {
      const status = Number(query.get('status_id'));
      return jsonReply({ status_id: String(status), authority_id: 7, nb_transactions: inStatus(status, account.authority).length });
    },
    [`${PREFIX}/api/actes_status.php`]: () => jsonReply(STATUS_LABELS),
    [`${PREFIX}/api/list_document_prefecture.php`]: ({ account }) => jsonReply(prefecture.unread(account.authority).map((letter) => {
      const act = prefecture.find(letter.about);
      return { id: Number(letter.id), type: typeOf(letter), related_transaction_id: letter.about, number: act?.kind === 'act' ? act.number : '', unique_id: act?.kind === 'act' ? act.actId : '', last_status_id: exchangeStatus(letter) };
    })),
    [`${PREFIX}/api/document_prefecture_mark_as_read.php`]: async ({ query }) => {
      await prefecture.markRead(query.get('transaction_id') ?? '');
      return jsonReply({ result: 'ok' });
    },
  };
}

function row(exchange: Exchange): object {
  const act = exchange.kind === 'act' ? exchange : undefined;
  return { id: Number(exchange.id), subject: act?.subject ?? '', number: act?.number ?? '', date: act?.date ?? '', nature_descr: act?.nature ?? '', classification: act?.matter ?? '', type: typeOf(exchange) };
}

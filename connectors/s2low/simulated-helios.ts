import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import type { HttpReply } from '../../src/connector-kit/http-simulator.js';
import { StateRefusal } from '../../src/state-desk/state-refusal.js';
import type { TreasuryFlow, TreasuryReturn } from '../../src/state-desk/treasury-flow.js';
import { escapedHtml, ko, redirect, tag, webPage, xml } from './simulated-answers.js';
import { encodingOf, type Call, type Endpoints, type Platform } from './simulated-platform.js';
import { withForm } from './simulated-posted-files.js';
import { flowStatus } from './simulated-status.js';

const PREFIX = '/modules/helios';
/** contracts/s2low.md §5.1, check 3. */
const LARGEST_PES = 128 * 2 ** 20;
const ERROR_PAGE = `${PREFIX}/index.php`;

/** The module of flows to the treasury (contracts/s2low.md §5). */
export function heliosEndpoints(platform: Platform): Endpoints {
  const { treasury, files } = platform.desk;
  return {
    [`${PREFIX}/api/helios_importer_fichier.php`]: (call) => importFlow(call, platform),
    [`${PREFIX}/api/helios_transac_get_status.php`]: (call) => status(call, platform),
    [`${PREFIX}/helios_download_acquit.php`]: ({ query, account }) => {
      const flow = flowOf(platform, query.get('id'), account.authority);
      const acquit = flow === undefined ? null : treasury.acquitOf(flow.id);
      return acquit === null ? redirect(ERROR_PAGE) : { status: 200, headers: { 'content-type': 'text/xml' }, body: { size: acquit.size, open: () => files.read(acquit.sha256) } };
    },
    [`${PREFIX}/api/helios_get_list.php`]: ({ account }) => xml('liste', [
      tag('idColl', '7'), tag('resultat', ''), tag('message', ''), tag('dateDemande', twelveHours(platform.clock.now())), ...treasury.returns(account.authority).map(listedReturn),
    ].join('')),
    [`${PREFIX}/api/helios_get_retour.php`]: ({ query, account }) => {
      const found = treasury.findReturn(query.get('id') ?? '');
      if (found?.authority !== account.authority) return xml('get_retour', `${tag('id', query.get('id') ?? '')}${tag('resultat', 'KO')}${tag('message', 'Le PES_Retour n\'existe pas ou n\'est pas accessible à cette collectivité')}`);
      return { status: 200, headers: { 'content-type': 'text/xml' }, body: { size: found.file.size, open: () => files.read(found.file.sha256) } };
    },
    [`${PREFIX}/api/helios_change_status.php`]: async ({ query, account }) => {
      const id = query.get('id') ?? '';
      if (treasury.findReturn(id)?.authority !== account.authority) return changed(id, 'KO', 'Le PES_Retour n\'est pas accessible');
      await treasury.markRead(id);
      return changed(id, 'OK', '');
    },
    [`${PREFIX}/index.php`]: (call) => listForPeople(call, platform),
    [`${PREFIX}/helios_transac_show.php`]: ({ query, account }) => {
      const flow = flowOf(platform, query.get('id'), account.authority);
      return flow === undefined || platform.has('hides-lists') ? redirect(ERROR_PAGE) : webPage(`Transaction ${flow.id}`, `<p>${escapedHtml(flow.file.filename)}</p><p>SHA1 : ${flow.sha1}</p>`);
    },
  };
}

/** Stores a flow. OK says no more than that: the checks come later (§5, §5.2). Rights are refused as text, not in XML. */
function importFlow({ request, account }: Call, platform: Platform): Promise<HttpReply> {
  if (platform.has('not-rgs')) return Promise.resolve(ko('La télétransmission nécessite un certificat RGS 2 étoiles', encodingOf(platform)));
  return withForm(request, async (form) => {
    const part = form.file('enveloppe');
    if (part?.path === undefined) return imported('', 'KO', 'Le fichier « enveloppe » est absent ou incomplet');
    if (part.size === 0 || part.size > LARGEST_PES) return imported('', 'KO', `La taille du fichier (${part.size} octets) n'est pas acceptée : 128 Mo au plus`);
    const { treasury, files } = platform.desk;
    const sha1 = createHash('sha1');
    const content = hashed(createReadStream(part.path) as AsyncIterable<Buffer>, (chunk) => { sha1.update(chunk); });
    const file = { filename: part.filename ?? '', mediaType: 'application/xml', ...await files.keep(content) };
    try {
      const { id } = await treasury.take({ authority: account.authority, file, sha1: sha1.digest('hex'), waits: account.right === 'CS' });
      return imported(id, 'OK', '');
    } catch (error) {
      if (error instanceof StateRefusal) return imported('', 'KO', error.message);
      throw error;
    }
  });
}

async function* hashed(content: AsyncIterable<Buffer>, take: (chunk: Buffer) => void): AsyncGenerator<Buffer> {
  for await (const chunk of content) {
    take(chunk);
    yield chunk;
  }
}

function imported(id: string, result: string, message: string): HttpReply {
  return xml('import', `${tag('id', id)}${tag('resultat', result)}${tag('message', message)}`);
}

function changed(id: string, result: string, message: string): HttpReply {
  return xml('transaction', `${tag('idRetour', id)}${tag('resultat', result)}${tag('message', message)}`);
}

/** A flow in status 0 is answered by KO, as one that is not there (§5). */
async function status({ query, account }: Call, platform: Platform): Promise<HttpReply> {
  const id = query.get('transaction') ?? '';
  const flow = flowOf(platform, id, account.authority);
  if (flow === undefined || flow.stage === 'cancelled') return xml('transaction', `${tag('id', id)}${tag('resultat', 'KO')}${tag('message', 'La transaction n\'existe pas, ou elle est annulée')}${tag('status', '')}`);
  const told = await platform.desk.treasury.look(id);
  return xml('transaction', `${tag('id', id)}${tag('resultat', 'OK')}${tag('message', told.reason)}${tag('status', String(flowStatus(told)))}`);
}

function flowOf({ desk }: Platform, id: string | null, authority: string): TreasuryFlow | undefined {
  const found = desk.treasury.find(id ?? '');
  return found?.authority === authority ? found : undefined;
}

function listedReturn({ id, file, at }: TreasuryReturn): string {
  return `<pes_retour>${tag('id', id)}${tag('nom', file.filename)}${tag('date', new Date(at).toISOString().slice(0, 19).replace('T', ' '))}</pes_retour>`;
}

/** The clock of the list does not say whether it is morning (§5). */
function twelveHours(at: number): string {
  const text = new Date(at).toISOString();
  const hour = Number(text.slice(11, 13)) % 12;
  return `${text.slice(0, 10)} ${String(hour === 0 ? 12 : hour).padStart(2, '0')}${text.slice(13, 19)}`;
}

/** The list that agents see in their browser: by a part of the name of the file that was posted (`num`), or by NomFic. */
function listForPeople({ query, account }: Call, platform: Platform): HttpReply {
  if (platform.has('hides-lists')) return redirect('/connexion-status');
  const [num, nomFic] = [query.get('num') ?? '', query.get('nomFic') ?? ''];
  const rows = platform.desk.treasury.list().filter(({ authority, file, names }) => authority === account.authority && file.filename.includes(num) && (nomFic === '' || names?.nomFic === nomFic)).toReversed();
  const inputs = [['num', num], ['nomFic', nomFic]].map(([name = '', value = '']) => `<input type="text" name="${name}" value="${escapedHtml(value)}">`).join('');
  return webPage('Liste des transactions Helios', `<form>${inputs}</form><ul>${rows.map(({ id, file }) => `<li><a href="helios_transac_show.php?id=${id}">${escapedHtml(file.filename)}</a></li>`).join('')}</ul>`);
}

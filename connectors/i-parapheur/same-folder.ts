import { createHash } from 'node:crypto';
import { OutcomeUnknown, Refused } from '../../src/connector-api/failures.js';
import { isPdf, isXml } from '../../src/domain/file-kind.js';
import type { SignatureFolder } from '../../src/signature-book/folder.js';
import { plainName } from '../../src/signature-book/returned-folder.js';
import { folderAnswer, historyAnswer, type AnsweredFolder } from './answers.js';
import type { IParapheurSettings } from './config.js';
import { change, WHO, type ServiceContext } from './service.js';
import { PAPER_STATUS, SIGNED_STATUSES } from './status.js';

/** Makes sure that the folder that is over there under our id is this one, because an answer was lost (contracts/iparapheur.md §2.6),
 * and not another. Throws Refused for another one, OutcomeUnknown where that cannot be told. */
export async function requireOurs(id: string, folder: SignatureFolder, settings: IParapheurSettings, context: ServiceContext): Promise<void> {
  const { size } = folder.main.annex;
  const startsWith = new Map<string, string>();
  const answered = await change('GetDossier', id, folderAnswer, settings, context, { bytes: size, keep: (content) => measure(content, size, startsWith) });
  if (answered.DossierID !== id) throw new OutcomeUnknown(`${WHO} says that it has folder «${id}», and does not show it.`);
  const others = differences(answered, folder);
  if (others.length === 0 && !hasOurContent(answered, folder, startsWith) && !await wasSigned(id, settings, context)) others.push('its main document has another content');
  if (others.length > 0) throw new Refused(`${WHO} has another folder under the identifier «${id}»: ${others.join(', ')}. Look at that folder, remove it if nobody needs it, and retry.`);
}

/** Where the title does not come back, it tells nothing. */
function differences(answered: AnsweredFolder, { type, subtype, title, main }: SignatureFolder): string[] {
  const thereTitle = answered.MetaDonnees.find(({ nom }) => nom === 'ph:dossierTitre')?.valeur ?? title;
  const pairs = [['type', answered.TypeTechnique, type], ['sub-type', answered.SousType, subtype], ['title', thereTitle.trim(), title]];
  const found = pairs.filter(([, there, ours]) => there !== ours).map(([what, there, ours]) => `its ${what ?? ''} is «${there ?? ''}», not «${ours ?? ''}»`);
  const there = answered.NomDocPrincipal;
  if (there !== '' && stem(there) !== stem(main.filename)) found.push(`its main document is «${there}», not «${main.filename}»`);
  return found;
}

/** An office file is made a PDF at once (§2.5), so only what stays as it is can be compared. */
function hasOurContent({ DocPrincipal, FichierPES }: AnsweredFolder, { main: { annex } }: SignatureFolder, startsWith: ReadonlyMap<string, string>): boolean {
  const there = FichierPES ?? DocPrincipal;
  return there === null || (!isPdf(annex) && !isXml(annex)) || startsWith.get(there.sha256) === annex.sha256;
}

/** After a signature the document is another one. */
async function wasSigned(id: string, settings: IParapheurSettings, context: ServiceContext): Promise<boolean> {
  const { LogDossier } = await change('GetHistoDossier', id, historyAnswer, settings, context);
  return LogDossier.some(({ status }) => SIGNED_STATUSES.has(status) || status === PAPER_STATUS || status === 'Archive');
}

/** Hashes a file without keeping it: whole, and its first bytes, which those of a signed PDF share with the unsigned one. */
async function measure(content: AsyncIterable<Uint8Array>, firstBytes: number, startsWith: Map<string, string>): Promise<{ sha256: string; size: number }> {
  const whole = createHash('sha256');
  const start = createHash('sha256');
  let size = 0;
  for await (const chunk of content) {
    whole.update(chunk);
    start.update(chunk.subarray(0, Math.max(0, firstBytes - size)));
    size += chunk.length;
  }
  const sha256 = whole.digest('hex');
  startsWith.set(sha256, start.digest('hex'));
  return { sha256, size };
}

function stem(filename: string): string {
  return plainName(filename).replace(/\.[^.]{1,20}$/, '');
}

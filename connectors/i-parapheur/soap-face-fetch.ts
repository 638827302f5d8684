import { Readable } from 'node:stream';
import { zipSync } from 'fflate';
import type { Desk } from '../../src/signature-desk/desk.js';
import type { DeskDocument, DeskFile, DeskFolder } from '../../src/signature-desk/desk-folder.js';
import type { SoapContent, SoapNode } from '../../src/signature-desk/write-soap.js';
import { said } from './soap-face-message.js';

/** GetDossier (contracts/iparapheur.md §1.6). `latest`: the annotation of the last row is among it, as from version 5 on. */
export async function fetchDossier(folder: DeskFolder, desk: Desk, latest: boolean): Promise<SoapContent> {
  const [main, ...more] = folder.main;
  const slip = await desk.slip(folder.id);
  const isPes = folder.format === 'xades' && main !== undefined && main.sha256 !== folder.originals[0]?.sha256;
  return [
    ['TypeTechnique', folder.type], ['SousType', folder.subtype], ['EmailEmetteur', folder.emitter], ['DossierID', folder.id],
    ...isPes ? [fileNode('FichierPES', main)] : [],
    ...folder.visual === null ? [] : [fileNode('VisuelPDF', folder.visual)],
    ...folder.xpath === null ? [] : [['XPathPourSignaturePES', folder.xpath] as const],
    ['AnnotationPublique', latest ? lastAnnotation(folder) : folder.publicAnnotation], ['AnnotationPrivee', folder.privateAnnotation],
    ['Visibilite', folder.visibility], ['DateLimite', folder.deadline],
    ...main === undefined ? [] : await mainNodes(main, isPes, desk),
    // the circulation slip is the last annexe
    ['DocumentsAnnexes', [...folder.annexes, slip].map(annexNode)],
    ...more.length === 0 ? [] : [['DocumentsSupplementaires', await Promise.all(more.map((document) => supplementNode(document, desk)))] as const],
    ['MetaDonnees', [['ph:dossierTitre', folder.title], ...Object.entries(folder.metadata)].map(([name = '', value = '']): SoapNode => ['MetaDonnee', [['nom', name], ['valeur', value]]])],
    ...said('OK', ''),
  ];
}

async function mainNodes(main: DeskDocument, isPes: boolean, desk: Desk): Promise<readonly SoapNode[]> {
  const signature = await signatureOf(main, desk);
  return [
    ...isPes ? [] : [fileNode('DocPrincipal', main)],
    // names come in quotes
    ['NomDocPrincipal', `"${main.filename}"`],
    ...signature === null ? [] : [fileNode('SignatureDocPrincipal', signature)],
  ];
}

/** One signature as it is, several in a zip. */
async function signatureOf({ filename, signatures }: DeskDocument, { files }: Desk): Promise<DeskFile | null> {
  const [first, second] = signatures;
  if (first === undefined) return null;
  if (second === undefined) return first;
  const entries = await Promise.all(signatures.map(async (one) => [one.filename, await files.whole(one.sha256)] as const));
  // the same signatures make the same zip
  const zip = zipSync(Object.fromEntries(entries), { mtime: '2020-01-01T00:00:00' });
  return { filename: `${filename}.zip`, mediaType: 'application/zip', ...await files.keep(Readable.from([Buffer.from(zip)])) };
}

async function supplementNode(document: DeskDocument, desk: Desk): Promise<SoapNode> {
  const signature = await signatureOf(document, desk);
  const [name, content] = annexNode(document);
  return [name, [...content as readonly SoapNode[], ...signature === null ? [] : [fileNode('signature', signature)]]];
}

function annexNode(file: DeskFile): SoapNode {
  return ['DocAnnexe', [['nom', `"${file.filename}"`], fileNode('fichier', file), ['mimetype', file.mediaType], ['encoding', 'UTF-8']]];
}

function fileNode(name: string, { filename, mediaType, sha256, size }: DeskFile): SoapNode {
  return [name, { file: { filename, mediaType, sha256, size } }];
}

function lastAnnotation({ history, publicAnnotation }: DeskFolder): string {
  return history.findLast(({ annotation }) => annotation !== '')?.annotation ?? publicAnnotation;
}

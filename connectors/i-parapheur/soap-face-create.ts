import type { Desk } from '../../src/signature-desk/desk.js';
import { DeskRefusal, type DeskFile, type NewFolder } from '../../src/signature-desk/desk-folder.js';
import { childOf, textOf, type SoapElement } from '../../src/signature-desk/soap-element.js';
import type { SoapContent } from '../../src/signature-desk/write-soap.js';
import { said } from './soap-face-message.js';

/** contracts/iparapheur.md §2.4: what the store of identifiers forbids, and how long one may be. */
const FORBIDDEN = /[\\&"£*/<>?%|+;:]/;
const ID_LENGTH = 600;
const TITLE_LENGTH = 255;
const ANNOTATION_LENGTH = 512;
/** §1.5: those that have to be there, nil or not. */
const REQUIRED = ['TypeTechnique', 'SousType', 'DossierID', 'DocumentPrincipal', 'Visibilite'];
const UNSAID = { visibility: '', deadline: null, publicAnnotation: '', privateAnnotation: '', xpath: null } as const;
const VISIBILITIES = ['PUBLIC', 'SERVICE', 'CONFIDENTIEL'];

/** CreerDossier: makes a folder, and gives it into its circuit (contracts/iparapheur.md §1.5, §1.7). */
export async function createDossier(request: SoapElement, desk: Desk): Promise<SoapContent> {
  const missing = REQUIRED.find((name) => childOf(request, name) === undefined);
  if (missing !== undefined) return said('KO', `L'élément ${missing} est absent.`);
  const asked = folderIn(request);
  const mistake = mistakeIn(asked);
  if (mistake !== undefined) return said('KO', mistake);
  const made = await desk.create(asked);
  const message = said('OK', `Dossier ${made.title} soumis dans le circuit`);
  return asked.id === '' ? [...message, ['DossierID', made.id]] : message;
}

function folderIn(request: SoapElement): NewFolder {
  const id = textOf(request, 'DossierID');
  const name = textOf(request, 'NomDocPrincipal');
  const main = fileIn(childOf(request, 'DocumentPrincipal'), name === '' ? id : name);
  const signature = fileIn(childOf(request, 'SignatureDocPrincipal'), `${name}.p7s`);
  const orNull = (element: string) => textOf(request, element) || null;
  const emitter = textOf(request, 'EmailEmetteur');
  return {
    id, title: textOf(request, 'DossierTitre'), type: textOf(request, 'TypeTechnique'), subtype: textOf(request, 'SousType'),
    ...(emitter !== '' && { emitter }),
    main: [...main === null ? [] : [{ ...main, signatures: signature === null ? [] : [signature] }], ...annexesIn(request, 'DocumentsSupplementaires')],
    annexes: annexesIn(request, 'DocumentsAnnexes'),
    visual: fileIn(childOf(request, 'VisuelPDF'), 'visuel.pdf'),
    visibility: textOf(request, 'Visibilite'), deadline: orNull('DateLimite'), xpath: orNull('XPathPourSignatureXML'),
    publicAnnotation: textOf(request, 'AnnotationPublique'), privateAnnotation: textOf(request, 'AnnotationPrivee'),
    metadata: Object.fromEntries(childrenOf(childOf(request, 'MetaData'), 'MetaDonnee').map((one) => [textOf(one, 'nom'), textOf(one, 'valeur')])),
  };
}

function annexesIn(request: SoapElement, list: string): readonly (DeskFile & { readonly signatures: readonly DeskFile[] })[] {
  return childrenOf(childOf(request, list), 'DocAnnexe').map((annex) => {
    const filename = textOf(annex, 'nom');
    const file = fileIn(childOf(annex, 'fichier'), filename);
    if (file === null) throw new DeskRefusal('no-document', `L'annexe ${filename} est vide.`);
    const signature = fileIn(childOf(annex, 'signature'), `${filename}.p7s`);
    return { ...file, mediaType: textOf(annex, 'mimetype') || file.mediaType, signatures: signature === null ? [] : [signature] };
  });
}

/** A file without a byte stands for none. */
function fileIn(element: SoapElement | undefined, filename: string): DeskFile | null {
  const file = element?.file ?? null;
  return file === null || file.size === 0 || element?.isNil === true ? null : { filename, mediaType: file.contentType, sha256: file.sha256, size: file.size };
}

function childrenOf(element: SoapElement | undefined, name: string): readonly SoapElement[] {
  return (element?.children ?? []).filter((child) => child.name === name);
}

function mistakeIn(asked: NewFolder): string | undefined {
  const { id, title, visibility, deadline, publicAnnotation, privateAnnotation, xpath } = { ...UNSAID, ...asked };
  const rules: readonly (readonly [boolean, string])[] = [
    [id === '' && title === '', 'Le dossier n\'a ni identifiant ni titre.'],
    [FORBIDDEN.test(id) || id.length > ID_LENGTH, `L'identifiant de dossier ${id.slice(0, 80)} n'est pas valide.`],
    [/[\r\n]/.test(title) || Array.from(title).length > TITLE_LENGTH, 'Le titre du dossier n\'est pas valide.'],
    [!VISIBILITIES.includes(visibility), `La visibilité ${visibility} est inconnue.`],
    [deadline !== null && !/^\d{4}-\d\d-\d\d$/.test(deadline), `La date limite ${deadline ?? ''} n'est pas valide.`],
    [Math.max(publicAnnotation.length, privateAnnotation.length) > ANNOTATION_LENGTH, 'L\'annotation est trop longue.'],
    [xpath !== null && xpath !== '.' && xpath !== '//Bordereau', `Le chemin ${xpath ?? ''} n'est pas pris en charge.`],
  ];
  return rules.find(([isWrong]) => isWrong)?.[1];
}

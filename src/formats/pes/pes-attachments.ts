import type { XmlTag } from '../../xml/xml-tag.js';
import { createGzipCheck, type AttachmentContent } from './gzip-check.js';
import type { PesFindings, PesSpot, PesWords } from './pes-findings.js';
import { attributeOf } from './pes-handler.js';
import { COMPARED } from './pes-ids.js';
import { below, outline, type PesActions, type PesNode } from './pes-outline.js';
import type { PesAttachment } from './pes-report.js';
import { LISTED } from './pes-slips.js';

interface OpenAttachment {
  readonly spot: PesSpot;
  readonly values: Map<string, string>;
  mediaType: string | null;
  content: { readonly spot: PesSpot; readonly check: ReturnType<typeof createGzipCheck> } | undefined;
}

/** Support of a reference: the attachment is a file of a flow (contracts/pes-actes-formats.md §A3). */
const ELECTRONIC = '01';

/** Reads the attachments (PJ) and what refers to them, and compares the two. Contents are looked at as they pass, none is kept. */
export function attachmentReader(spot: (attribute?: string) => PesSpot, findings: PesFindings) {
  const attachments: PesAttachment[] = [];
  const present = new Set<string>();
  const referred = new Map<string, PesSpot>();
  let count = 0;
  let current: OpenAttachment | undefined;
  let reference: Map<string, string> | undefined;

  function end(): void {
    if (current === undefined) return;
    const { values, mediaType, content, spot: where } = current;
    const uniqueId = values.get('IdUnique') ?? '';
    count += 1;
    if (attachments.length < LISTED) {
      attachments.push({ uniqueId, name: values.get('NomPJ') ?? '', type: values.get('TypePJ') ?? null, mediaType, encodedBytes: content?.check.encodedBytes() ?? 0 });
    }
    checkContent(content?.check.result() ?? 'empty', content?.spot ?? where, findings);
    checkNames(values, where, findings);
    checkUnique(uniqueId, where);
    current = undefined;
  }

  function checkUnique(uniqueId: string, where: PesSpot): void {
    if (uniqueId !== '' && present.has(uniqueId)) {
      findings.error('A3', { ...where, place: `${where.place}/IdUnique/@V` }, {
        en: `the IdUnique «${uniqueId.slice(0, 60)}» stands twice in the file; the treasury refuses an attachment whose IdUnique it knows`,
        fr: `l'IdUnique «${uniqueId.slice(0, 60)}» figure deux fois dans le fichier ; le comptable refuse une PJ dont il connaît l'IdUnique`,
      });
    } else if (present.size < COMPARED) present.add(uniqueId);
  }

  function endReference(): void {
    const uniqueId = reference?.get('IdUnique') ?? '';
    if (reference?.get('Support') === ELECTRONIC && uniqueId !== '' && referred.size < COMPARED && !referred.has(uniqueId)) referred.set(uniqueId, spot());
    reference = undefined;
  }

  const value = (name: string) => ({ value: (found: string): void => { current?.values.set(name, found); } });
  const attachment: PesActions = {
    '': { repeats: true, open: () => { current = { spot: spot(), values: new Map(), mediaType: null, content: undefined }; }, close: end },
    'Contenu/Fichier': {
      open: (tag: XmlTag) => {
        if (current === undefined) return;
        current.mediaType = attributeOf(tag.attributes, 'MIMEType') ?? null;
        current.content = { spot: spot(), check: createGzipCheck() };
      },
      bytes: (source, from, to) => { current?.content?.check.push(source, from, to); },
    },
    ...Object.fromEntries(['IdUnique', 'NomPJ', 'TypePJ', 'Description'].map((name) => [name, value(name)])),
  };
  const referenceValue = (name: string) => ({ value: (found: string): void => { reference?.set(name, found); } });
  const referenceNode: PesNode = { ...outline({ Support: referenceValue('Support'), IdUnique: referenceValue('IdUnique') }), open: () => { reference = new Map(); }, close: endReference };

  function check(): void {
    if (present.size >= COMPARED) return;
    for (const [uniqueId, where] of referred) {
      if (present.has(uniqueId)) continue;
      findings.warning('A6.10', where, {
        en: `the attachment «${uniqueId.slice(0, 60)}» is referred to and is not in this file; it must be sent by another flow`,
        fr: `la PJ «${uniqueId.slice(0, 60)}» est référencée et n'est pas dans ce fichier ; elle doit partir dans un autre flux`,
      });
    }
  }
  // an attachment under the root is not valid by the schema, and exists (contracts/pes-actes-formats.md §A3)
  return { attachments, count: () => count, actions: { ...below('PES_PJ/PJ', attachment), ...below('PJ', attachment) }, referenceNode, check };
}

const CONTENTS: Readonly<Record<Exclude<AttachmentContent, 'gzip' | 'empty'>, PesWords>> = {
  'not base64': { en: 'the attachment is not in base64; expected the file in gzip, then in base64', fr: 'la PJ n\'est pas en base64 ; attendu : le fichier en gzip, puis en base64' },
  'not gzip': { en: 'the attachment is not a gzip file; expected the file in gzip, then in base64', fr: 'la PJ n\'est pas un fichier gzip ; attendu : le fichier en gzip, puis en base64' },
};

function checkContent(content: AttachmentContent, spot: PesSpot, findings: PesFindings): void {
  if (content === 'empty') findings.warning('A3', spot, { en: 'the attachment is empty', fr: 'la PJ est vide' });
  else if (content !== 'gzip') findings.error('A3', spot, CONTENTS[content]);
}

/** What the schema asks for, and the platform does not look at. */
function checkNames(values: ReadonlyMap<string, string>, where: PesSpot, findings: PesFindings): void {
  const spotOf = (name: string): PesSpot => ({ ...where, place: `${where.place}/${name}/@V` });
  const uniqueId = values.get('IdUnique') ?? '';
  if (!/^[A-Za-z0-9]{1,50}$/.test(uniqueId)) findings.warning('A3', spotOf('IdUnique'), { en: `the IdUnique is «${uniqueId.slice(0, 60)}»; expected 1 to 50 letters and digits`, fr: `l'IdUnique est «${uniqueId.slice(0, 60)}» ; attendu : 1 à 50 lettres et chiffres` });
  const name = values.get('NomPJ') ?? '';
  if (!/^.{0,97}\.[A-Za-z0-9]{2,4}$/.test(name) || name.length > 100) findings.warning('A3', spotOf('NomPJ'), { en: `the name of the attachment is «${name.slice(0, 60)}»; expected at most 100 characters, with an extension of 2 to 4`, fr: `le nom de la PJ est «${name.slice(0, 60)}» ; attendu : 100 caractères au plus, avec une extension de 2 à 4` });
  if ((values.get('Description') ?? '') === '') findings.warning('A3', spotOf('Description'), { en: 'the attachment has no description', fr: 'la PJ n\'a pas de description' });
}

import type { TargetField } from '../domain/mapping.js';

/** Who may see a folder (contracts/iparapheur.md §1.3). */
export const VISIBILITIES = ['PUBLIC', 'SERVICE', 'CONFIDENTIEL'] as const;
export type Visibility = (typeof VISIBILITIES)[number];

/** What the circuit is expected to end with: a signature on the document, or no more than people who have seen it. */
export const EXPECTATIONS = ['signature', 'visa'] as const;
export type Expectation = (typeof EXPECTATIONS)[number];

/** Where the signature of an XML file stands: at its root, or in each slip of a PES file (contracts/iparapheur.md §1.5). */
export const XML_PLACES = ['.', '//Bordereau'] as const;
export type XmlPlace = (typeof XML_PLACES)[number];

/** Names of the fields that a step may map beside these begin so; the rest of the name is the metadata's. */
export const METADATA_PREFIX = 'metadata.';

/** §2.4: a title of 255 is taken everywhere; §1.5: annotations of 512 by v5. */
const TITLE_LENGTH = 255;
const ANNOTATION_LENGTH = 512;

/** What a step may give any signature book. A file is named by its id, its uid or its file name on the item. */
export const signatureFields: Readonly<Record<string, TargetField>> = {
  title: { type: 'text', title: { fr: 'Titre du dossier', en: 'Title of the folder' }, maxLength: TITLE_LENGTH },
  type: { type: 'text', title: { fr: 'Type technique', en: 'Type' } },
  subtype: { type: 'text', title: { fr: 'Sous-type', en: 'Sub-type' } },
  mainDocument: { type: 'text', title: { fr: 'Document principal', en: 'Main document' } },
  supplementaryDocuments: { type: 'list', title: { fr: 'Autres documents principaux', en: 'More main documents' } },
  annexes: { type: 'list', title: { fr: 'Annexes', en: 'Annexes' } },
  visual: { type: 'text', title: { fr: 'Visuel PDF', en: 'PDF view of the main document' } },
  detachedSignature: { type: 'text', title: { fr: 'Signature détachée existante', en: 'Detached signature that exists already' } },
  visibility: { type: 'text', title: { fr: 'Visibilité', en: 'Visibility' }, values: VISIBILITIES },
  deadline: { type: 'date', title: { fr: 'Date limite', en: 'Deadline' } },
  publicAnnotation: { type: 'text', title: { fr: 'Annotation publique', en: 'Public annotation' }, maxLength: ANNOTATION_LENGTH },
  privateAnnotation: { type: 'text', title: { fr: 'Annotation privée', en: 'Private annotation' }, maxLength: ANNOTATION_LENGTH },
  emitter: { type: 'text', title: { fr: 'Courriel de l\'émetteur', en: 'E-mail address of the emitter' } },
  xpath: { type: 'text', title: { fr: 'Emplacement de la signature XML', en: 'Place of the XML signature' }, values: XML_PLACES },
  expects: { type: 'text', title: { fr: 'Fin attendue du circuit', en: 'What the circuit is expected to end with' }, values: EXPECTATIONS },
};

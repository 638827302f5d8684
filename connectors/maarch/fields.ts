import type { TargetField } from '../../src/domain/mapping.js';

/** Prefix of custom fields: `custom.12`, or `custom.<name>` with the setting `customFields`. */
export const CUSTOM_PREFIX = 'custom.';

/** Length of titles and subjects that Maarch keeps. */
const TITLE_LENGTH = 255;

const people = { type: 'list', cut: false } as const;

/** What can be written into a letter, new or not. */
const written = {
  subject: { type: 'text', maxLength: TITLE_LENGTH, title: { fr: 'Objet', en: 'Subject' } },
  doctype: { type: 'integer', title: { fr: 'Type de document (numéro)', en: 'Document type (number)' } },
  priority: { type: 'text', title: { fr: 'Priorité (identifiant)', en: 'Priority (identifier)' } },
  confidentiality: { type: 'boolean', title: { fr: 'Confidentiel', en: 'Confidential' } },
  documentDate: { type: 'date', title: { fr: 'Date du courrier', en: 'Date of the letter' } },
  arrivalDate: { type: 'date', title: { fr: 'Date d\'arrivée', en: 'Date of arrival' } },
  departureDate: { type: 'date', title: { fr: 'Date de départ', en: 'Date of departure' } },
  processLimitDate: { type: 'date', title: { fr: 'Date limite de traitement', en: 'To be dealt with by' } },
  senders: { ...people, title: { fr: 'Expéditeurs (contact:12, user:3, entity:7)', en: 'Senders (contact:12, user:3, entity:7)' } },
  recipients: { ...people, title: { fr: 'Destinataires (contact:12, user:3, entity:7)', en: 'Recipients (contact:12, user:3, entity:7)' } },
  folders: { type: 'list', title: { fr: 'Dossiers (numéros)', en: 'Folders (numbers)' } },
  tags: { type: 'list', title: { fr: 'Mots-clés (numéros)', en: 'Tags (numbers)' } },
  status: { type: 'text', title: { fr: 'Statut (identifiant)', en: 'Status (identifier)' } },
  attachments: { type: 'list', title: { fr: 'Pièces jointes', en: 'Attachments' } },
  attachmentType: { type: 'text', title: { fr: 'Type des pièces jointes', en: 'Type of the attachments' } },
} as const satisfies Record<string, TargetField>;

export const createFields: Readonly<Record<string, TargetField>> = {
  ...written,
  modelId: { type: 'integer', title: { fr: 'Modèle d\'indexation (numéro)', en: 'Indexing model (number)' } },
  category: { type: 'text', title: { fr: 'Catégorie (choisit le modèle d\'indexation)', en: 'Category (chooses the indexing model)' } },
  chrono: { type: 'boolean', title: { fr: 'Donner un numéro chrono', en: 'Give it a chrono number' } },
  destination: { type: 'text', title: { fr: 'Entité traitante (numéro ou code)', en: 'Entity that deals with it (number or code)' } },
  initiator: { type: 'text', title: { fr: 'Entité initiatrice (numéro ou code)', en: 'Entity that initiates it (number or code)' } },
  diffusionList: { type: 'list', title: { fr: 'Liste de diffusion (dest:user:19, cc:entity:7)', en: 'Distribution list (dest:user:19, cc:entity:7)' } },
  typist: { type: 'integer', title: { fr: 'Rédacteur (numéro)', en: 'Typist (number)' } },
  barcode: { type: 'text', title: { fr: 'Code-barres', en: 'Barcode' } },
  mainDocument: { type: 'text', title: { fr: 'Document principal', en: 'Main document' } },
};

/** `destination` is missing: Maarch ignores it on an update (README «Facts»). */
export const updateFields: Readonly<Record<string, TargetField>> = {
  ...written,
  resource: { type: 'text', title: { fr: 'Courrier', en: 'Letter' } },
  historyMessage: { type: 'text', title: { fr: 'Mention dans l\'historique', en: 'Words in the history' } },
};

import type { TargetField } from '../domain/mapping.js';

/** Operations that every platform of tele-transmission has under the same names, with the same fields, so that a flow changes
 * platforms by the name of its connector alone. */
export const TRANSMIT_ACT = 'transmit-act';
export const TRANSMIT_PES = 'transmit-pes';

/** Nature codes of acts (contracts/pes-actes-formats.md §B1). */
export const ACT_NATURES = ['1', '2', '3', '4', '5', '6'] as const;
export type ActNature = (typeof ACT_NATURES)[number];

/** What a step may give of an act. A file is named by its id, its uid or its file name on the item. Nature and matter may stand in the settings of
 * the connector instead. */
export const actFields: Readonly<Record<string, TargetField>> = {
  number: { type: 'text', title: { fr: 'Numéro interne de l\'acte', en: 'Number of the act' }, required: true, maxLength: 15, cut: false },
  nature: { type: 'text', title: { fr: 'Nature de l\'acte', en: 'Nature of the act' }, values: ACT_NATURES },
  classification: { type: 'text', title: { fr: 'Matière (7.1)', en: 'Matter (7.1)' } },
  decisionDate: { type: 'date', title: { fr: 'Date de décision', en: 'Date of the decision' }, required: true },
  subject: { type: 'text', title: { fr: 'Objet', en: 'Subject' }, maxLength: 499 },
  mainDocument: { type: 'text', title: { fr: 'Document principal', en: 'Main document' } },
  typology: { type: 'text', title: { fr: 'Typologie du document principal', en: 'Typology of the main document' } },
  annexes: { type: 'list', title: { fr: 'Annexes', en: 'Annexes' } },
  annexTypologies: { type: 'list', title: { fr: 'Typologies des annexes, dans leur ordre', en: 'Typologies of the annexes, in their order' } },
  paperFollows: { type: 'boolean', title: { fr: 'Complément sur papier', en: 'A paper complement follows' } },
  publishedOn: { type: 'date', title: { fr: 'Date de publication', en: 'Date of publication' } },
};

/** What a step may give of a PES flow. */
export const pesFields: Readonly<Record<string, TargetField>> = {
  file: { type: 'text', title: { fr: 'Fichier PES', en: 'PES file' } },
};

/** Names of the fields that a transmitted act brings back. Dates are `2027-03-01`. */
export const ACT_RESULTS = ['transaction', 'actId', 'acknowledgedOn', 'enforceableOn'] as const;

/** Names of the fields that a transmitted PES brings back. `verdict`: accepted, partly-rejected or rejected; `summary` says it in plain words;
 * `rejected` lists what was rejected, one line each. */
export const PES_RESULTS = ['transaction', 'verdict', 'summary', 'rejected'] as const;

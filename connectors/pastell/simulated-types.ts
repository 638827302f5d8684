import { letterActions, pdfActions, returnActions, signActions, transmissionActions, type Actions } from './simulated-actions.js';
import { actFields, letterFields, pdfFields, pesFields, returnFields, signFields, type Field } from './simulated-fields.js';
import type { Release } from './simulated-release.js';

/** A kind of document of a Pastell: its form and what can be done with it (contracts/pastell.md §5, §6). */
export interface DocumentType {
  readonly id: string;
  readonly label: string;
  readonly category: string;
  readonly fields: readonly Field[];
  readonly actions: Actions;
  /** What it carries to the State, if anything. */
  readonly carries: 'act' | 'pes' | null;
  /** Files that are handed over, in this order. */
  readonly files: readonly string[];
  /** Where the circuit of the signature book finds what it signs, and where what comes back goes. */
  readonly signs: { readonly document: string; readonly signed: string; readonly original: string | null; readonly slip: string };
}

const ACT_FILES = ['arrete', 'autre_document_attache'];

export function documentTypes(release: Release): ReadonlyMap<string, DocumentType> {
  const holdsLetters = !release.deletes;
  const act = { category: 'Flux Généraux', fields: actFields(release), carries: 'act', files: ACT_FILES, signs: { document: 'arrete', signed: 'signature', original: null, slip: 'document_signe' } } as const;
  const pes = { category: 'Flux Généraux', fields: pesFields(release), carries: 'pes', files: ['fichier_pes'], signs: { document: 'fichier_pes', signed: 'fichier_pes_signe', original: null, slip: 'document_signe' } } as const;
  const types: readonly DocumentType[] = [
    { ...act, id: 'actes-generique', label: 'Actes (générique)', actions: transmissionActions({ isChained: false, isAct: true, holdsLetters }) },
    { ...act, id: 'actes-automatique', label: 'Actes (automatique)', actions: transmissionActions({ isChained: true, isAct: true, holdsLetters }) },
    { ...pes, id: 'helios-generique', label: 'Hélios (générique)', actions: transmissionActions({ isChained: false, isAct: false, holdsLetters }) },
    { ...pes, id: 'helios-automatique', label: 'Hélios (automatique)', actions: transmissionActions({ isChained: true, isAct: false, holdsLetters }) },
    {
      id: 'pdf-generique', label: 'Document PDF (générique)', category: 'Flux Généraux', fields: pdfFields(release), actions: pdfActions, carries: null, files: ['document', 'annexe'],
      signs: { document: 'document', signed: 'document', original: 'document_original', slip: 'bordereau' },
    },
    {
      id: 'document-a-signer', label: 'Document à faire signer', category: 'Flux Généraux', fields: signFields(release), actions: signActions, carries: null, files: ['document', 'autre_document_attache'],
      signs: { document: 'document', signed: 'document', original: 'document_orignal', slip: 'bordereau' },
    },
    {
      id: RETURN_TYPE, label: 'Hélios PES Retour', category: 'Flux Généraux', fields: returnFields, actions: returnActions, carries: null, files: ['fichier_pes'],
      signs: { document: 'fichier_pes', signed: 'fichier_pes', original: null, slip: '' },
    },
    ...release.deletes ? [letters] : [],
  ];
  return new Map(types.map((type) => [type.id, type]));
}

const letters: DocumentType = {
  id: 'actes-reponse-prefecture', label: 'Actes réponse préfecture', category: 'Actes administratifs', fields: letterFields, actions: letterActions, carries: null, files: ['reponse_prefecture'],
  signs: { document: 'reponse_prefecture', signed: 'reponse_prefecture', original: null, slip: '' },
};

/** Of documents that come from the treasury unasked. */
export const RETURN_TYPE = 'helios-pes-retour';

/** Of letters of the prefecture, in versions that do not put them into the document of the act. */
export const LETTER_TYPE = 'actes-reponse-prefecture';

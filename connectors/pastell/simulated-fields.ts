import type { Release } from './simulated-release.js';

export type FieldKind = 'text' | 'date' | 'checkbox' | 'select' | 'file' | 'externalData';

/** A field of a form (contracts/pastell.md §5). */
export interface Field {
  readonly name: string;
  readonly label: string;
  readonly kind: FieldKind;
  readonly required?: boolean;
  /** Required where this checkbox is ticked. */
  readonly requiredWith?: string;
  readonly multiple?: boolean;
  /** It is the title of the document. */
  readonly title?: boolean;
  /** It can be searched. */
  readonly index?: boolean;
  readonly pattern?: RegExp;
  readonly choices?: Readonly<Record<string, string>>;
  /** Set by Pastell alone. */
  readonly output?: boolean;
  /** A file must be one of these. */
  readonly mediaTypes?: readonly string[];
}

type More = Partial<Omit<Field, 'name' | 'label' | 'kind'>>;

const PDF = 'application/pdf';
const XML = 'application/xml';
const NATURES = { 1: 'Délibérations', 2: 'Actes réglementaires', 3: 'Actes individuels', 4: 'Contrats, conventions et avenants', 5: 'Documents budgétaires et financiers', 6: 'Autres' };

export function actFields(release: Release): readonly Field[] {
  return [
    field('acte_nature', 'Nature de l\'acte', 'select', { required: true, choices: NATURES }),
    field('numero_de_lacte', 'Numéro de l\'acte', 'text', { required: true, index: true, pattern: new RegExp(`^[0-9A-Z_]{${release.shortestNumber},15}$`) }),
    field('objet', 'Objet', 'text', { required: true, title: true, pattern: /^[^]{1,499}$/ }),
    field('date_de_lacte', 'Date de l\'acte', 'date', { required: true }),
    field('document_papier', 'Envoi de documents papiers complémentaires', 'checkbox'),
    field('arrete', 'Acte', 'file', { required: true, mediaTypes: [PDF, XML] }),
    field('autre_document_attache', 'Annexe(s)', 'file', { multiple: true }),
    field('classification', 'Classification', 'externalData', { required: true }),
    field('type_acte', 'Type de pièce principale', 'text'),
    field('type_pj', 'Typologie des annexes', 'text'),
    field('type_piece', 'Typologie des pièces', 'externalData', { required: release.requiresTypology }),
    ...routing('envoi_tdt', 'envoi_ged', 'envoi_sae'), ...circuit(), ...signatureOutputs(release), ...tdtOutputs,
    output('bordereau', 'Bordereau d\'acquittement', 'file'), output('aractes', 'AR Actes', 'file'), output('acte_tamponne', 'Acte tamponné', 'file'),
    output('annexes_tamponnees', 'Annexes tamponnées', 'file', { multiple: true }), output('date_ar', 'Date de l\'AR', 'date'),
    ...release.deletes ? [output('acte_unique_id', 'Identifiant unique de l\'acte', 'text', { index: true }), field('acte_publication_date', 'Date de publication', 'date')] : [],
    output('tedetis_annulation_id', 'Identifiant de l\'annulation', 'text'), output('aractes_annulation', 'AR de l\'annulation', 'file'), output('date_ar_annulation', 'Date de l\'AR d\'annulation', 'date'),
    ...release.deletes ? [output('has_reponse_prefecture', 'Réponse de la préfecture', 'checkbox')] : LETTERS.flatMap(fieldsOfLetter),
    ...archiveOutputs,
  ];
}

/** Fields that hold a message of the prefecture and the answer to it, in versions that have no document of their own for them. */
export const LETTERS = ['courrier_simple', 'demande_piece_complementaire', 'lettre_observation', 'defere_tribunal_administratif'] as const;

function fieldsOfLetter(kind: (typeof LETTERS)[number]): readonly Field[] {
  return [
    output(`has_${kind}`, kind, 'checkbox'), output(kind, kind, 'file'), output(`${kind}_unzip`, kind, 'file', { multiple: true }), output(`${kind}_id`, kind, 'text'),
    output(`${kind}_date`, kind, 'date'), field(`nature_reponse_${kind}`, `Réponse : ${kind}`, 'select', { choices: { 3: 'Refus', 4: 'Réponse' } }), field(`reponse_${kind}`, `Réponse : ${kind}`, 'file'),
    output(`has_reponse_${kind}`, kind, 'checkbox'),
  ];
}

const EXTRACTED = ['id_coll', 'dte_str', 'cod_bud', 'exercice', 'id_bordereau', 'id_pj', 'id_pce', 'id_nature', 'id_fonction'] as const;

export function pesFields(release: Release): readonly Field[] {
  return [
    field('objet', 'Objet', 'text', { required: true, title: true }),
    field('fichier_pes', 'Fichier PES', 'file', { required: true, mediaTypes: [XML] }),
    field('visuel_pdf', 'Visuel PDF', 'file', { mediaTypes: [PDF] }),
    ...routing('envoi_tdt', 'envoi_ged', 'envoi_sae'), ...circuit(),
    ...EXTRACTED.map((name) => output(name, name, 'text', { index: true })),
    ...signatureOutputs(release), output('fichier_pes_signe', 'Fichier PES signé', 'file'), ...tdtOutputs,
    output('has_reponse', 'Une réponse est disponible', 'checkbox'), output('fichier_reponse', 'PES Acquit', 'file'), output('etat_ack', 'État de l\'acquittement', 'select', { choices: { 0: 'Non disponible', 1: 'OK', 2: 'KO' } }),
    ...archiveOutputs,
  ];
}

export function pdfFields(release: Release): readonly Field[] {
  return [
    field('libelle', 'Libellé', 'text', { required: true, title: true }),
    field('document', 'Document', 'file', { required: true, mediaTypes: [PDF] }),
    field('annexe', 'Annexe(s)', 'file', { multiple: true }),
    ...routing('envoi_ged_1', 'envoi_mailsec', 'envoi_ged_2', 'envoi_sae'), ...circuit(),
    field('json_metadata', 'Métadonnées (JSON)', 'file'), ...deadline,
    field('to', 'Destinataire(s)', 'text', { requiredWith: 'envoi_mailsec', pattern: /^[^@\s]+@[^@\s]+/ }), field('mail_metadata', 'Métadonnées du mail', 'file'), field('sae_config', 'Configuration SAE', 'file'),
    ...signatureOutputs(release), output('document_original', 'Document original', 'file'), output('bordereau', 'Bordereau de signature', 'file'), output('journal', 'Journal', 'file'),
    ...archiveOutputs,
  ];
}

export function signFields(release: Release): readonly Field[] {
  return [
    field('iparapheur_sous_type', 'Sous-type i-Parapheur', 'externalData', { required: true, index: true }), field('iparapheur_type', 'Type i-Parapheur', 'text'),
    field('libelle', 'Libellé', 'text', { required: true, title: true }),
    field('document', 'Document', 'file', { required: true }),
    field('autre_document_attache', 'Annexe(s)', 'file', { multiple: true }), ...deadline,
    field('envoi_ged', 'Transmission à la GED', 'checkbox'), field('envoi_auto', 'Enchaînement automatique', 'checkbox'),
    ...signatureOutputs(release), output('signature', 'Signature', 'file'), output('bordereau', 'Bordereau de signature', 'file'), output('document_orignal', 'Document original', 'file'),
  ];
}

export const returnFields: readonly Field[] = [
  field('objet', 'Objet', 'text', { required: true, title: true }), field('fichier_pes', 'Fichier PES Retour', 'file', { required: true }), field('id_retour', 'Identifiant', 'text'),
  field('date_tdt', 'Date de réception TdT', 'date'), field('envoi_ged', 'Transmission à la GED', 'checkbox'),
];

export const letterFields: readonly Field[] = [
  output('acte_nature', 'Nature de l\'acte', 'select', { choices: NATURES }), output('numero_de_lacte', 'Numéro de l\'acte', 'text', { index: true, title: true }),
  output('type_reponse', 'Type de réponse', 'select', { index: true, choices: { 2: 'Courrier simple', 3: 'Demande de pièces complémentaires', 4: 'Lettre d\'observation', 5: 'Déféré au tribunal administratif' } }),
  output('related_transaction_id', 'Identifiant de la transaction acte', 'text'), output('transaction_id', 'Identifiant de la transaction réponse', 'text'),
  output('reponse_prefecture', 'Réponse de la préfecture (original)', 'file'), output('date', 'Date de réception', 'date'),
];

const deadline: readonly Field[] = [field('has_date_limite', 'Date limite', 'checkbox'), field('date_limite', 'Date limite', 'date')];

const tdtOutputs: readonly Field[] = [output('tedetis_transaction_id', 'Identifiant de la transaction', 'text')];

const archiveOutputs: readonly Field[] = [output('sae_transfert_id', 'Identifiant de transfert', 'text', { index: true }), output('ar_sae', 'Accusé de réception SAE', 'file')];

function routing(...further: readonly string[]): readonly Field[] {
  return ['envoi_signature', 'envoi_signature_fast', 'envoi_signature_check', ...further].map((name) => field(name, name, 'checkbox'));
}

function circuit(): readonly Field[] {
  return [
    field('iparapheur_type', 'Type i-Parapheur', 'text', { requiredWith: 'envoi_signature' }),
    field('iparapheur_sous_type', 'Sous-type i-Parapheur', 'externalData', { requiredWith: 'envoi_signature', index: true }),
  ];
}

function signatureOutputs(release: Release): readonly Field[] {
  return [
    output('iparapheur_historique', 'Historique i-Parapheur', 'file'), output('has_signature', 'Signé', 'checkbox'), output('is_pades', 'Signature PAdES', 'checkbox'),
    output('signature', 'Acte signé', 'file'), output('document_signe', 'Bordereau de signature', 'file'), output('iparapheur_annexe_sortie', 'Annexe(s) du parapheur', 'file', { multiple: true }),
    ...release.deletes ? [output('iparapheur_dossier_id', 'Identifiant du dossier', 'text'), output('parapheur_last_message', 'Dernier message du parapheur', 'text')] : [],
  ];
}

function field(name: string, label: string, kind: FieldKind, more: More = {}): Field {
  return { name, label, kind, ...more };
}

function output(name: string, label: string, kind: FieldKind, more: More = {}): Field {
  return { name, label, kind, output: true, ...more };
}

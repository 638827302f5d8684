/** Statuses of a new Maarch Courrier, those that letters have. */
export const STATUSES: Readonly<Record<string, string>> = {
  NEW: 'Nouveau courrier pour le service', COU: 'En cours', VAL: 'Courrier signalé', ATT: 'En attente', RET: 'Retour courrier ou document en qualification',
  END: 'Clos / fin du workflow', SSUITE: 'Sans suite', DEL: 'Supprimé',
};

/** Attachment types of a new Maarch Courrier, with one for acts. */
export const TYPES: Readonly<Record<string, string>> = {
  simple_attachment: 'Pièce jointe', response_project: 'Projet de réponse', signed_response: 'Réponse signée', outgoing_mail: 'Courrier départ spontané', acte: 'Acte signé',
};

export const CUSTOM_FIELDS: readonly { readonly id: number; readonly label: string; readonly type: string }[] = [
  { id: 12, label: 'Montant', type: 'integer' }, { id: 13, label: 'Référence', type: 'string' }, { id: 14, label: 'Quartiers', type: 'checkbox' }, { id: 15, label: 'Adresse', type: 'banAutocomplete' },
];

export const ENTITIES: readonly { readonly serialId: number; readonly id: string; readonly label: string }[] = [
  { serialId: 7, id: 'DGS', label: 'Direction générale' }, { serialId: 21, id: 'PTE', label: 'Pôle technique' },
];

/** Indexing models and their category. */
export const MODELS: Readonly<Record<number, string>> = { 1: 'incoming', 2: 'outgoing', 3: 'internal' };

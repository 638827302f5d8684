/** When an action may run: all of a rule must hold (contracts/pastell.md §6). */
export interface ActionRule {
  /** The document is in one of these states. */
  readonly in?: readonly string[];
  /** It passed through this one. */
  readonly passed?: string;
  /** It never passed through this one. */
  readonly never?: string;
  readonly isValid?: boolean;
  readonly ticked?: readonly string[];
  readonly unticked?: readonly string[];
}

/** An action, and the state of the same name. */
export interface Action {
  readonly label: string;
  /** One of them is enough; without any, nobody may ask for it. */
  readonly rules: readonly ActionRule[];
  /** What the daemon does next in this state. */
  readonly next?: string;
  /** What a PATCH may change in this state; all if not given. */
  readonly editable?: readonly string[];
  /** A PATCH leaves the state as it is. */
  readonly staysWhenEdited?: boolean;
}

export type Actions = Readonly<Record<string, Action>>;

const DRAFT = ['creation', 'modification', 'importation'] as const;
const GED_OR_SAE = ['envoi_ged', 'envoi_sae'] as const;

/** Of acts and of PES flows. `isChained`: what follows the first step runs by itself. `holdsLetters`: letters of the prefecture come into the
 * document of the act. */
export function transmissionActions({ isChained, isAct, holdsLetters }: { readonly isChained: boolean; readonly isAct: boolean; readonly holdsLetters: boolean }): Actions {
  const onward = isChained ? { next: 'orientation' } : {};
  const first = isChained ? ['prepare-tdt'] : [];
  return {
    ...drafting(['recu-iparapheur', 'send-signature-error', 'send-tdt-erreur', 'acquiter-tdt', 'info-tdt', 'send-ged'], ['rejet-iparapheur', 'refus-tdt', 'tdt-error', 'acquiter-tdt', 'annuler-tdt', 'accepter-sae', 'termine', 'fatal-error']),
    ...signing([...DRAFT, 'send-signature-error', ...isChained ? ['prepare-iparapheur'] : []], ['envoi_signature']),
    'recu-iparapheur': { label: 'Signature récupérée', rules: [], editable: ['date_de_lacte', 'classification', 'envoi_tdt', ...GED_OR_SAE, 'type_piece', 'type_acte', 'type_pj'], ...onward },
    'send-tdt': {
      label: 'Transmis au TdT', next: 'verif-tdt', rules: [
        { in: [...DRAFT, ...first], never: 'send-tdt', isValid: true, ticked: ['envoi_tdt'], unticked: ['envoi_signature'] },
        { passed: 'recu-iparapheur', never: 'send-tdt', isValid: true, ticked: ['envoi_tdt', 'envoi_signature'] },
        { in: ['send-tdt-erreur'], isValid: true, ticked: ['envoi_tdt'] },
      ],
    },
    'send-tdt-erreur': { label: 'Erreur lors de l\'envoi au TdT', rules: [], editable: ['numero_de_lacte', 'envoi_tdt', ...GED_OR_SAE] },
    'document-transmis-tdt': { label: 'En attente du certificat RGS**', rules: [] },
    'teletransmission-tdt': { label: 'Tentative de télétransmission', rules: [{ in: ['teletransmission-tdt', 'document-transmis-tdt'] }] },
    'return-teletransmission-tdt': { label: 'Ordre de télétransmission envoyé', rules: [], next: 'verif-tdt' },
    'verif-tdt': { label: 'Statut vérifié', rules: [{ in: ['send-tdt', 'erreur-verif-tdt', 'document-transmis-tdt', 'teletransmission-tdt', 'return-teletransmission-tdt', ...isAct ? ['tdt-error'] : ['info-tdt']] }] },
    'erreur-verif-tdt': { label: 'Erreur lors de la vérification du statut', rules: [] },
    'tdt-error': { label: 'Erreur sur le TdT', rules: [] },
    'acquiter-tdt': { label: isAct ? 'Acquitté par la préfecture' : 'Acquitté par Hélios', rules: [], editable: [...GED_OR_SAE, 'acte_publication_date'], ...onward },
    ...isAct ? cancelling : { 'info-tdt': { label: 'Une réponse est disponible', rules: [], ...onward }, 'refus-tdt': { label: 'Refusé par Hélios', rules: [] } },
    ...keeping(isChained),
    ...isChained ? chaining : {},
    ...isAct && holdsLetters ? asking : {},
    termine: { label: 'Traitement terminé', rules: [], editable: GED_OR_SAE },
    'fatal-error': { label: 'Erreur fatale', rules: [] },
  };
}

const cancelling: Actions = {
  'annulation-tdt': { label: 'Demande d\'annulation envoyée', next: 'verif-annulation-tdt', rules: [{ passed: 'acquiter-tdt', never: 'annulation-tdt' }] },
  'verif-annulation-tdt': { label: 'Annulation vérifiée', rules: [{ in: ['annulation-tdt'] }] },
  'annuler-tdt': { label: 'Transaction annulée', rules: [] },
};

const asking: Actions = {
  'verif-reponse-tdt': { label: 'Réponse de la préfecture vérifiée', rules: [{ in: ['acquiter-tdt', 'attente-reponse-prefecture'] }] },
  'attente-reponse-prefecture': { label: 'En attente d\'une réponse à la préfecture', rules: [] },
};

const chaining: Actions = {
  orientation: { label: 'Orientation', rules: [] },
  'prepare-iparapheur': { label: 'Préparation de l\'envoi au parapheur', rules: [], next: 'send-iparapheur' },
  'prepare-tdt': { label: 'Préparation de l\'envoi au TdT', rules: [], next: 'send-tdt' },
  'prepare-ged': { label: 'Préparation de l\'envoi à la GED', rules: [], next: 'send-ged' },
  'prepare-sae': { label: 'Préparation de l\'envoi au SAE', rules: [], next: 'send-archive' },
};

/** Of a PDF whose steps Pastell puts in order. */
export const pdfActions: Actions = {
  ...drafting(['recu-iparapheur'], ['recu-iparapheur', 'rejet-iparapheur', 'send-ged-1', 'send-ged-2', 'send-mailsec', 'fatal-error', 'error-ged-1', 'error-ged-2', 'termine']),
  orientation: { label: 'Orientation', rules: [{ in: [...DRAFT, 'recu-iparapheur', 'send-ged-1', 'reception', 'non-recu', 'send-ged-2'], isValid: true }] },
  'preparation-send-iparapheur': { label: 'Préparation de l\'envoi au parapheur', rules: [], next: 'send-iparapheur' },
  ...signing(['preparation-send-iparapheur', 'send-signature-error'], []),
  'recu-iparapheur': { label: 'Signature récupérée', rules: [], next: 'orientation', editable: ['envoi_ged_1', 'envoi_ged_2'] },
  ...depositing('1'), ...depositing('2'),
  'preparation-send-mailsec': { label: 'Préparation du mail sécurisé', rules: [], next: 'send-mailsec' },
  'send-mailsec': { label: 'Mail sécurisé envoyé', rules: [{ in: ['preparation-send-mailsec'] }], next: 'mailsec-relance' },
  'mailsec-relance': { label: 'Relance du mail', rules: [{ in: ['send-mailsec'] }] },
  reception: { label: 'Reçu', rules: [], next: 'orientation' },
  'non-recu': { label: 'Non reçu', rules: [{ in: ['send-mailsec'] }], next: 'orientation' },
  'preparation-send-sae': { label: 'Préparation de l\'envoi au SAE', rules: [], next: 'send-archive' },
  ...archiving([{ in: ['preparation-send-sae', 'erreur-envoie-sae'] }]), 'accepter-sae': { label: 'Accepté par le SAE', rules: [], next: 'orientation' },
  termine: { label: 'Traitement terminé', rules: [] },
  'fatal-error': { label: 'Erreur fatale', rules: [] },
};

/** Of a document that is signed and goes home. */
export const signActions: Actions = {
  ...drafting(['recu-iparapheur', 'recu-iparapheur-etat'], ['rejet-iparapheur', 'termine', 'recu-iparapheur-etat', 'send-ged-etat', 'fatal-error']),
  ...signing([...DRAFT, 'send-signature-error'], []),
  'recu-iparapheur': { label: 'Signature récupérée', rules: [], next: 'orientation', editable: ['envoi_ged'] },
  'recu-iparapheur-etat': { label: 'État signature récupérée', rules: [], editable: ['envoi_ged'], staysWhenEdited: true },
  orientation: { label: 'Orientation', rules: [] },
  'prepare-ged': { label: 'Préparation de l\'envoi à la GED', rules: [], next: 'send-ged' },
  'send-ged': { label: 'Versé à la GED', rules: [{ in: ['recu-iparapheur', 'recu-iparapheur-etat', 'prepare-ged', 'error-ged'], ticked: ['envoi_ged'] }], next: 'orientation' },
  'error-ged': { label: 'Erreur lors du dépôt', rules: [] },
  'send-ged-etat': { label: 'État versé à la GED', rules: [] },
  termine: { label: 'Traitement terminé', rules: [] },
  'fatal-error': { label: 'Erreur fatale', rules: [] },
};

/** Of a file that the treasury sent unasked. */
export const returnActions: Actions = {
  ...drafting(['send-ged'], ['send-ged']),
  'send-ged': { label: 'Versé à la GED', rules: [{ in: ['creation', 'modification'], isValid: true, ticked: ['envoi_ged'] }] },
  'tdt-error': { label: 'Erreur sur le TdT', rules: [] },
};

/** Of a letter of the prefecture. */
export const letterActions: Actions = {
  ...drafting(['attente-reponse-prefecture'], ['attente-reponse-prefecture', 'termine']),
  'attente-reponse-prefecture': { label: 'Réponse à la préfecture attendue', rules: [], editable: [] },
  termine: { label: 'Traitement terminé', rules: [] },
};

function drafting(alsoEdited: readonly string[], alsoRemoved: readonly string[]): Actions {
  return {
    creation: { label: 'Créé', rules: [] },
    modification: { label: 'En cours de rédaction', rules: [{ in: [...DRAFT, ...alsoEdited] }] },
    importation: { label: 'Importation du document', rules: [], next: 'orientation' },
    supression: { label: 'Supprimé', rules: [{ in: [...DRAFT, ...alsoRemoved] }] },
  };
}

function signing(from: readonly string[], ticked: readonly string[]): Actions {
  return {
    'send-iparapheur': { label: 'Transmis au parapheur', rules: [{ in: from, never: 'recu-iparapheur', isValid: true, ticked }], next: 'verif-iparapheur' },
    'send-signature-error': { label: 'Erreur lors de l\'envoi à la signature', rules: [], editable: ['iparapheur_type', 'iparapheur_sous_type'] },
    'verif-iparapheur': { label: 'Signature vérifiée', rules: [{ in: ['send-iparapheur', 'erreur-verif-iparapheur'] }] },
    'rejet-iparapheur': { label: 'Signature refusée', rules: [] },
    'erreur-verif-iparapheur': { label: 'Erreur lors de la vérification de la signature', rules: [] },
  };
}

function depositing(which: '1' | '2'): Actions {
  return {
    [`preparation-send-ged-${which}`]: { label: 'Préparation de l\'envoi à la GED', rules: [], next: `send-ged-${which}` },
    [`send-ged-${which}`]: { label: 'Versé à la GED', rules: [{ in: [`preparation-send-ged-${which}`, `error-ged-${which}`] }], next: 'orientation' },
    [`error-ged-${which}`]: { label: 'Erreur lors du dépôt', rules: [] },
  };
}

function keeping(isChained: boolean): Actions {
  const onward = isChained ? { next: 'orientation' } : {};
  return {
    'send-ged': {
      label: 'Versé à la GED', editable: ['envoi_sae', 'acte_publication_date'], staysWhenEdited: true, ...onward, rules: [
        { in: [...DRAFT, 'prepare-ged'], isValid: true, ticked: ['envoi_ged'], unticked: ['envoi_signature', 'envoi_tdt'] },
        { in: ['recu-iparapheur', 'prepare-ged'], ticked: ['envoi_ged'], unticked: ['envoi_tdt'] },
        { passed: 'acquiter-tdt', never: 'send-ged', ticked: ['envoi_ged'] },
        { in: ['error-ged'] },
      ],
    },
    'error-ged': { label: 'Erreur lors du dépôt', rules: [] },
    ...archiving([
      { in: ['recu-iparapheur', 'prepare-sae'], ticked: ['envoi_sae'], unticked: ['envoi_tdt', 'envoi_ged'] },
      { passed: 'acquiter-tdt', never: 'send-archive', ticked: ['envoi_sae'], unticked: ['envoi_ged'] },
      { passed: 'send-ged', never: 'send-archive', ticked: ['envoi_sae'] },
      { in: ['erreur-envoie-sae', 'rejet-sae'] },
    ]),
    ...isChained ? { 'accepter-sae': { label: 'Accepté par le SAE', rules: [], next: 'orientation' } } : {},
  };
}

function archiving(rules: readonly ActionRule[]): Actions {
  return {
    'send-archive': { label: 'Versé au SAE', rules, next: 'verif-sae' },
    'erreur-envoie-sae': { label: 'Erreur lors de l\'envoi au SAE', rules: [] },
    'verif-sae': { label: 'Récupération de l\'AR', rules: [{ in: ['send-archive'] }] },
    'ar-recu-sae': { label: 'AR SAE reçu', rules: [], next: 'validation-sae' },
    'validation-sae': { label: 'Vérification de l\'acceptation', rules: [{ in: ['ar-recu-sae'] }] },
    'accepter-sae': { label: 'Accepté par le SAE', rules: [] },
    'rejet-sae': { label: 'Rejeté par le SAE', rules: [] },
  };
}

/** What somebody is asked to do with a folder. */
export type StepKind = 'visa' | 'sign' | 'seal' | 'mail';

export interface DeskStep {
  readonly kind: StepKind;
  /** Who does it: first name and name. */
  readonly actor: string;
  /** Name of the desk on which the folder lies meanwhile. */
  readonly desk: string;
}

/** How a signature is put: into the PDF, beside the document (PKCS#7), into the XML, or not at all. */
export type SignatureFormat = 'pades' | 'detached' | 'xades' | 'none';

/** A key of the dictionary (contracts/iparapheur.md §1.3 MetaDonneeDefinition). */
export interface MetadataDefinition {
  readonly name: string;
  readonly title: string;
  readonly nature: 'BOOLEAN' | 'DATE' | 'DOUBLE' | 'INTEGER' | 'STRING' | 'URL';
  readonly required: boolean;
}

/** A type with one of its sub-types: together they choose the circuit and the format of the signature. */
export interface DeskType {
  readonly type: string;
  readonly subtype: string;
  readonly circuit: readonly DeskStep[];
  readonly format: SignatureFormat;
  readonly metadata: readonly MetadataDefinition[];
  /** Takes several main documents; otherwise those after the first are annexes (contracts/iparapheur.md §1.5). */
  readonly multiDocument: boolean;
}

const SECRETARY: Omit<DeskStep, 'kind'> = { actor: 'Luc Martin', desk: 'Secrétariat' };
const MAYOR: Omit<DeskStep, 'kind'> = { actor: 'Jeanne Dupont', desk: 'Bourgmestre' };
const TREASURER: Omit<DeskStep, 'kind'> = { actor: 'Amélie Noël', desk: 'Finances' };
const SERVER: Omit<DeskStep, 'kind'> = { actor: 'Cachet de la ville', desk: 'Cachet serveur' };

const AMOUNT: MetadataDefinition = { name: 'montant', title: 'Montant', nature: 'DOUBLE', required: true };
const REFERENCE: MetadataDefinition = { name: 'reference', title: 'Référence du dossier', nature: 'STRING', required: false };

/** What the simulated book knows unless it is told otherwise: one type for each way to sign. */
export const DEFAULT_DESK_TYPES: readonly DeskType[] = [
  typeOf('Délibérations', 'College', 'pades', [{ kind: 'visa', ...SECRETARY }, { kind: 'sign', ...MAYOR }]),
  typeOf('Courrier', 'Sortant', 'pades', [{ kind: 'sign', ...MAYOR }]),
  typeOf('PES', 'Bordereau', 'xades', [{ kind: 'sign', ...TREASURER }]),
  typeOf('Actes', 'Détachée', 'detached', [{ kind: 'sign', ...MAYOR }]),
  typeOf('Visa seul', 'Visa', 'none', [{ kind: 'visa', ...SECRETARY }]),
  typeOf('Attestations', 'Cachet', 'pades', [{ kind: 'seal', ...SERVER }]),
  { ...typeOf('Conventions', 'Avec montant', 'pades', [{ kind: 'visa', ...TREASURER }, { kind: 'sign', ...MAYOR }]), metadata: [AMOUNT, REFERENCE], multiDocument: true },
];

function typeOf(type: string, subtype: string, format: SignatureFormat, circuit: readonly DeskStep[]): DeskType {
  return { type, subtype, format, circuit, metadata: [REFERENCE], multiDocument: false };
}

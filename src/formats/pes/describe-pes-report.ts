import { describeFinding, onOneLine } from './pes-refusals.js';
import type { PesAttachment, PesFinding, PesReport, PesSlip } from './pes-report.js';

type Language = 'fr' | 'en';

/** Rows of a list; programs read them all as JSON. */
const ROWS = 20;
/** Characters of one value. */
const CELL = 200;

const WORDS = {
  fr: {
    file: 'Fichier', flow: 'Flux', authority: 'Collectivité', budget: 'Budget', post: 'Poste comptable', domains: 'Domaines', signature: 'Signature', slips: 'Bordereaux', attachments: 'Pièces jointes',
    missing: 'absent', bytes: 'octets', producedOn: 'produit le', pieces: 'pièces : ', more: 'autres : --json les montre tous',
    slipColumns: ['domaine', 'numéro', 'exercice', 'type', 'pièces', 'montant HT', 'TVA', 'signé', 'ligne'], attachmentColumns: ['IdUnique', 'nom', 'type', 'format', 'octets (base64)'],
    expense: 'dépense', revenue: 'recette', yes: 'oui', no: 'non', undeclared: 'encodage non déclaré',
    signatures: { none: 'aucune', file: 'le fichier entier', slips: 'chaque bordereau', partial: 'une partie des bordereaux seulement' },
    errors: 'Serait refusé', warnings: 'À vérifier', fine: 'Peut être envoyé : aucun motif de refus connu.',
  },
  en: {
    file: 'File', flow: 'Flow', authority: 'Authority', budget: 'Budget', post: 'Accounting post', domains: 'Domains', signature: 'Signature', slips: 'Slips', attachments: 'Attachments',
    missing: 'none', bytes: 'bytes', producedOn: 'produced on', pieces: 'pieces: ', more: 'more: --json shows them all',
    slipColumns: ['domain', 'number', 'year', 'type', 'pieces', 'amount', 'VAT', 'signed', 'line'], attachmentColumns: ['IdUnique', 'name', 'type', 'format', 'bytes (base64)'],
    expense: 'expense', revenue: 'revenue', yes: 'yes', no: 'no', undeclared: 'no encoding declared',
    signatures: { none: 'none', file: 'the whole file', slips: 'each slip', partial: 'some of the slips only' },
    errors: 'Would be refused', warnings: 'Worth a look', fine: 'May be sent: no reason for a refusal is known.',
  },
} as const;

type Words = (typeof WORDS)[Language];

const DOMAINS: ReadonlyMap<string, { readonly fr: string; readonly en: string }> = new Map([
  ['PES_DepenseAller', { fr: 'dépenses', en: 'expenses' }],
  ['PES_RecetteAller', { fr: 'recettes', en: 'revenues' }],
  ['PES_Facture', { fr: 'factures', en: 'invoices' }],
  ['PES_Marche', { fr: 'marchés', en: 'contracts' }],
  ['PES_PJ', { fr: 'pièces jointes', en: 'attachments' }],
  ['ACQUIT_RETOUR', { fr: 'accusé d\'une restitution', en: 'acknowledgement of a restitution' }],
]);

/** A report for people: what the file holds, then what would have it refused, then what is worth a look. */
export function describePesReport(report: PesReport, language: Language): readonly string[] {
  const words = WORDS[language];
  return [
    ...summary(report, words, language),
    ...list(report.slips.map((slip) => slipRow(slip, words)), words.slipColumns, report.slipCount, words),
    ...list(report.attachments.map(attachmentRow), words.attachmentColumns, report.attachmentCount, words),
    '',
    ...findings(report.findings, words, language),
  ];
}

function summary(report: PesReport, words: Words, language: Language): string[] {
  const or = (value: string | null): string => (value === null || value === '' ? words.missing : value);
  const rows: [string, string][] = [
    [words.file, `${report.root === '' ? '' : `${report.root}, `}${report.encoding ?? words.undeclared}, ${grouped(report.bytes, language)} ${words.bytes}, SHA-1 ${report.sha1}`],
    [words.flow, `${or(report.nomFic)} (${or(report.typFic)}${report.producedOn === null ? '' : `, ${words.producedOn} ${report.producedOn}`})`],
    [words.authority, `${or(report.codCol)}, SIRET ${or(report.idColl)}`],
    [words.budget, `${or(report.codBud)}${report.budgetLabel === null ? '' : ` ${report.budgetLabel}`}`],
    [words.post, or(report.idPost)],
    [words.domains, report.domains.map((name) => DOMAINS.get(name)?.[language] ?? name).join(', ') || words.missing],
    [words.slips, `${grouped(report.slipCount, language)}, ${words.pieces}${grouped(report.pieceCount, language)}`],
    [words.attachments, grouped(report.attachmentCount, language)],
    [words.signature, words.signatures[report.signature]],
  ];
  // of what is no flow at all there is nothing more to say
  if (report.nomFic === null && report.codCol === null) rows.splice(1);
  const width = Math.max(...rows.map(([name]) => name.length));
  return rows.map(([name, text]) => `${name.padEnd(width)}  ${cell(text)}`);
}

function slipRow({ domain, number, year, type, pieces, amount, vat, isSigned, line }: PesSlip, words: Words): string[] {
  return [words[domain], number, year, type, String(pieces), amount ?? '-', vat ?? '-', isSigned ? words.yes : words.no, String(line)];
}

function attachmentRow({ uniqueId, name, type, mediaType, encodedBytes }: PesAttachment): string[] {
  return [uniqueId || '-', name || '-', type ?? '-', mediaType ?? '-', String(encodedBytes)];
}

function list(rows: readonly (readonly string[])[], columns: readonly string[], count: number, { more }: Words): string[] {
  if (count === 0) return [];
  const shown = [columns, ...rows.slice(0, ROWS).map((row) => row.map(cell))];
  const widths = columns.map((_, column) => Math.max(...shown.map((row) => row[column]?.length ?? 0)));
  const lines = shown.map((row) => `  ${row.map((text, column) => text.padEnd(widths[column] ?? 0)).join('  ')}`.trimEnd());
  return ['', ...lines, ...(count > ROWS ? [`  … ${count - ROWS} ${more}`] : [])];
}

/** A value as a table can show it. */
function cell(value: string): string {
  const line = onOneLine(value);
  return line.length <= CELL ? line : `${line.slice(0, CELL)}…`;
}

function findings(found: readonly PesFinding[], words: Words, language: Language): string[] {
  const errors = found.filter(({ severity }) => severity === 'error');
  const warnings = found.filter(({ severity }) => severity === 'warning');
  const lines = (title: string, these: readonly PesFinding[]): string[] => (these.length === 0 ? [] : [`${title} (${these.length})`, ...these.map((finding) => `  ${describeFinding(finding, language)}`)]);
  return [...(errors.length === 0 ? [words.fine] : lines(words.errors, errors)), ...lines(words.warnings, warnings)];
}

function grouped(number: number, language: Language): string {
  return number.toLocaleString(language === 'fr' ? 'fr-FR' : 'en-GB');
}

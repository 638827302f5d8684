import type { HttpReply } from '../../src/connector-kit/http-simulator.js';
import type { ReceivedPart } from '../../src/connector-kit/read-form.js';
import { actIdOf } from '../../src/state-desk/act-names.js';
import type { ActDocument, NewAct } from '../../src/state-desk/exchange.js';
import { done, orKo, refusal, type Call, type Platform } from './simulated-platform.js';
import { exceedsPacked, keptDocument, sniffed, withForm, type FileKind, type PostedForm } from './simulated-posted-files.js';

/** The packed act may be so large, in bytes (contracts/s2low.md §3.2, check 10). */
const LARGEST_ARCHIVE = 150 * 2 ** 20;
/** `max_file_uploads` of PHP as it comes. */
const MOST_FILES = 20;
const NUMBER = /^([A-Z0-9][A-Z0-9_]{0,13})?[A-Z0-9]$/;
const DATE = /^(\d{4})-(\d{1,2})-(\d{1,2})$/;
const TYPOLOGY = /^[A-Z0-9_]{5}$/;
const LONGEST_SUBJECT = 499;

interface PostedFile { readonly part: ReceivedPart; readonly typology: string; readonly kind: FileKind }

/** `actes_transac_create.php`: takes an act, or says what is wrong with it, in the order of contracts/s2low.md §3.2. */
export function createAct(call: Call, platform: Platform): Promise<HttpReply> {
  return withForm(call.request, async (form) => {
    const isApi = form.text('api') === '1';
    const no = (words: string): HttpReply => refusal(words, isApi, platform);
    if (form.isEmpty) return no('La taille totale des fichiers dépasse la limite autorisée');
    const attachments = form.files('acte_attachments[]');
    if (attachments.length + 1 > MOST_FILES) return no(`Trop d'annexes : ${MOST_FILES - 1} fichiers sont acceptés au plus par requête`);
    if (platform.has('not-rgs') && form.text('must_signed') !== '1') return no('La télétransmission nécessite un certificat RGS 2 étoiles');
    const wrong = wrongField(form, platform.clock.now()) ?? usedNumber(form, call, platform);
    if (wrong !== null) return no(wrong);
    const files = await postedFiles(form, attachments);
    if (typeof files === 'string') return no(files);
    if (await exceedsPacked(files.map(({ part }) => part), LARGEST_ARCHIVE)) return no('La taille de l\'archive à transmettre dépasse 150 Mo');
    if (levelsOf(form).length < 2) return no('Les deux premiers niveaux de la matière sont exigés');
    return orKo(platform, isApi, async () => done((await platform.desk.prefecture.file(await newAct(form, files, call, platform))).id, isApi));
  });
}

function wrongField(form: PostedForm, now: number): string | null {
  const [number, date, subject] = [form.text('number'), form.text('decision_date'), form.text('subject')];
  if (!NUMBER.test(number)) return `Le numéro d'acte « ${number} » n'est pas valide : majuscules, chiffres et « _ » seulement`;
  const day = dayOf(date);
  if (day === null) return `La date de décision « ${date} » n'est pas valide`;
  if (Date.parse(day) > now) return 'La date de décision est postérieure à aujourd\'hui';
  if (subject === '' || subject.length > LONGEST_SUBJECT) return `L'objet est exigé, en ${LONGEST_SUBJECT} caractères au plus`;
  return /^[1-6]$/.test(form.text('nature_code')) ? null : 'La nature de l\'acte n\'est pas valide';
}

/** Checked before the files are looked at; the desk checks it again as it takes the act. */
function usedNumber(form: PostedForm, { account }: Call, { desk }: Platform): string | null {
  const number = form.text('number');
  const isUsed = desk.prefecture.list().some((one) => one.kind === 'act' && one.authority === account.authority && one.number === number);
  return isUsed ? `Le numéro d'acte ${number} est déjà utilisé par la collectivité.` : null;
}

/** One-digit months and days are taken (§3.1). */
function dayOf(text: string): string | null {
  const [, year = '', month = '', day = ''] = DATE.exec(text) ?? [];
  const whole = `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`;
  return Number.isNaN(Date.parse(whole)) ? null : whole;
}

function levelsOf(form: PostedForm): readonly string[] {
  return [1, 2, 3, 4, 5].map((level) => form.text(`classif${level}`)).filter((code) => /^\d+$/.test(code));
}

/** Checks 6 to 9. */
async function postedFiles(form: PostedForm, attachments: readonly ReceivedPart[]): Promise<readonly PostedFile[] | string> {
  const main = form.file('acte_pdf_file');
  const typology = form.text('type_acte');
  if (main === undefined) return 'Le fichier de l\'acte est absent';
  if (typology === '') return 'Le type de l\'acte (type_acte) est exigé';
  const kind = await sniffed(main);
  const isBudget = form.text('nature_code') === '5' && levelsOf(form).slice(0, 2).join('.') === '7.1';
  if (kind !== 'pdf' && !(kind === 'xml' && isBudget)) return 'Le fichier de l\'acte doit être un PDF, ou un XML pour un document budgétaire de la matière 7.1';
  const annexes = await postedAnnexes(form, attachments, kind === 'xml');
  if (typeof annexes === 'string') return annexes;
  const files = [{ part: main, kind, typology }, ...annexes];
  return files.every((file) => TYPOLOGY.test(file.typology)) ? files : 'La typologie d\'une pièce jointe est absente ou n\'a pas cinq caractères';
}

async function postedAnnexes(form: PostedForm, attachments: readonly ReceivedPart[], onlyPdf: boolean): Promise<readonly PostedFile[] | string> {
  const typologies = form.texts('type_pj[]');
  const annexes: PostedFile[] = [];
  for (const [index, part] of attachments.entries()) {
    const kind = await sniffed(part);
    if (kind === null || (onlyPdf && kind !== 'pdf')) return `Le type de l'annexe n° ${index + 1} n'est pas accepté`;
    annexes.push({ part, kind, typology: typologies[index] ?? '' });
  }
  return annexes;
}

async function newAct(form: PostedForm, files: readonly PostedFile[], { account }: Call, { desk }: Platform): Promise<NewAct> {
  const facts = {
    authority: account.authority, number: form.text('number'), nature: form.text('nature_code'), matter: levelsOf(form).join('.'), date: dayOf(form.text('decision_date')) ?? '',
    subject: form.text('subject'), paperFollows: form.text('document_papier') === '1',
  };
  const actId = actIdOf(facts);
  const documents: ActDocument[] = [];
  for (const [index, { part, kind, typology }] of files.entries()) documents.push(await keptDocument(part, { filename: `${typology}-${actId}-1-1_${index + 1}.${kind}`, typology, kind }, desk.files));
  if (form.text('en_attente') === '1' || account.right === 'CS') return { ...facts, documents, waitsFor: 'confirmation' };
  return { ...facts, documents, ...(form.text('must_signed') === '1' && { waitsFor: 'signature' as const }) };
}

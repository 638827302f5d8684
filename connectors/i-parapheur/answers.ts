import { z } from 'zod';

/** What operations answer (contracts/iparapheur.md §1.3, §1.4). Whatever may be missing is missing somewhere. */

const text = z.string().nullish().transform((value) => value ?? '');

const message = z.object({ codeRetour: text, message: text, severite: text });
export type Message = z.infer<typeof message>;

const messageRetour = message.nullish().transform((value) => value ?? null);

const log = z.object({ timestamp: text, nom: text, status: text, annotation: text });
export type HistoryRow = z.infer<typeof log>;

const file = z.object({ contentType: z.string().nullish().transform((value) => value ?? null), sha256: z.string(), size: z.number() });
export type AnsweredFile = z.infer<typeof file>;

/** A file without a byte stands for none. */
const optionalFile = file.nullish().transform((value) => (value === null || value === undefined || value.size === 0 ? null : value));

const annex = z.object({ nom: text, fichier: optionalFile, mimetype: text, signature: optionalFile });
export type AnsweredAnnex = z.infer<typeof annex>;

const annexes = z.object({ DocAnnexe: list(annex) }).nullish().transform((value) => value?.DocAnnexe ?? []);

const metadata = z.object({ MetaDonnee: list(z.object({ nom: text, valeur: text })) }).nullish().transform((value) => value?.MetaDonnee ?? []);

export const echoAnswer = z.string();
export const typesAnswer = z.object({ TypeTechnique: list(z.string()) });
export const subtypesAnswer = z.object({ SousType: list(z.string()) });
export const requiredMetadataAnswer = z.object({ MetaDonnee: list(z.object({ nomCourt: text, nomLong: text, nature: text, obligatoire: z.union([z.boolean(), z.string()]).nullish().transform((value) => value === true || value === 'true') })) });
export type RequiredMetadata = z.infer<typeof requiredMetadataAnswer>['MetaDonnee'][number];
export const createAnswer = z.object({ MessageRetour: messageRetour, DossierID: text });
export const historyAnswer = z.object({ LogDossier: list(log), MessageRetour: messageRetour });
export const searchAnswer = z.object({ LogDossier: list(log) });
export const writeAnswer = z.object({ MessageRetour: messageRetour });
export const folderAnswer = z.object({
  TypeTechnique: text, SousType: text, DossierID: text, AnnotationPublique: text,
  FichierPES: optionalFile, DocPrincipal: optionalFile, NomDocPrincipal: text, SignatureDocPrincipal: optionalFile,
  DocumentsAnnexes: annexes, DocumentsSupplementaires: annexes, MetaDonnees: metadata, MessageRetour: messageRetour,
});
export type AnsweredFolder = z.infer<typeof folderAnswer>;

function list<Element extends z.ZodType>(element: Element): z.ZodType<z.output<Element>[]> {
  return z.array(element).nullish().transform((value) => value ?? []);
}

/** `[ERROR] …`, as clients of this service show it. */
export function wordsOf({ severite, message: said }: Message): string {
  return `${severite === '' ? '' : `[${severite}] `}${said === '' ? 'it gave no reason' : said}`;
}

/** Sentences vary by version, and with what they name: only fragments are looked for (§1.7), whatever becomes of accents. */
export function saysDuplicate({ message: said }: Message): boolean {
  return plain(said).includes('deja present');
}

export function saysUnknown({ message: said }: Message): boolean {
  return /introuvable|inconnu|n'existe pas|not found|unknown/.test(plain(said));
}

function plain(said: string): string {
  return said.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();
}

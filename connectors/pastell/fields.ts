import type { TargetField } from '../../src/domain/mapping.js';
import { signatureFields } from '../../src/signature-book/fields.js';

/** What these documents have a place for (contracts/pastell.md §5.3, §5.4). */
const PLACES: ReadonlySet<string> = new Set(['title', 'subtype', 'mainDocument', 'annexes', 'deadline', 'expects']);

/** What a step may give of a document to be signed: as any signature book takes it. */
export const signFields: Readonly<Record<string, TargetField>> = Object.fromEntries(Object.entries(signatureFields).filter(([name]) => PLACES.has(name)));

/** And of one that is processed further. */
export const pdfFields: Readonly<Record<string, TargetField>> = {
  ...signFields,
  mailTo: { type: 'list', title: { fr: 'Destinataires du mail sécurisé', en: 'Who gets the secure mail' } },
};

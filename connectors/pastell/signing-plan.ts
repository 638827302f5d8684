import type { ConnectorContext, Submission } from '../../src/connector-api/connector.js';
import { Refused } from '../../src/connector-api/failures.js';
import { isPdf } from '../../src/domain/file-kind.js';
import { folderOf, type SignatureFolder } from '../../src/signature-book/folder.js';
import { sentFolderOf } from '../../src/signature-book/sent-folder.js';
import { signaturePlace } from '../../src/signature-book/signature-place.js';
import type { PastellSettings } from './config.js';
import { documentMark, markedTitle } from './document-mark.js';
import { byTitle } from './look-up.js';
import type { Plan } from './plan.js';
import { usualAdvance, type Route } from './route.js';

/** Longest title that lists show whole. */
const LONGEST_TITLE = 255;

/** A document that people sign, and no more: it stands in the title of no one else. */
export async function signPlan(submission: Submission, settings: PastellSettings, context: ConnectorContext): Promise<Plan> {
  const { type, advance = usualAdvance(type), subtype, deposit } = settings.signing;
  const folder = folderOf(submission, { subtype, expects: settings.expects, ...ELSEWHERE });
  const route: Route = { sign: true, transmit: false, deposit, mail: false, archive: false, advance };
  return await planFor(submission, folder, { type, route, list: 'autre_document_attache', more: advance === 'first' ? { envoi_auto: '1' } : {} }, context);
}

/** A PDF that Pastell takes where it is told (contracts/pastell.md §5.3). */
export async function pdfPlan(submission: Submission, settings: PastellSettings, context: ConnectorContext): Promise<Plan> {
  const { type, advance = usualAdvance(type), subtype, sign, deposit, mail, archive } = settings.pdf;
  const folder = folderOf(submission, { subtype: sign ? subtype : subtype ?? 'none', expects: settings.expects, ...ELSEWHERE });
  if (!isPdf(folder.main.annex)) throw new Refused(`Field «mainDocument»: «${folder.main.annex.filename}» is ${folder.main.annex.mediaType}; expected a PDF.`);
  const to = addressesOf(submission.fields['mailTo']);
  if (mail && to.length === 0) throw new Refused('Field «mailTo»: found nothing, expected the addresses of the secure mail, because «pdf.mail» is true in the settings.');
  return await planFor(submission, folder, { type, route: { sign, transmit: false, deposit, mail, archive, advance }, list: 'annexe', more: to.length > 0 ? { to: to.join(', ') } : {} }, context);
}

/** What other signature books are told, and Pastell is not. */
const ELSEWHERE = { type: 'Pastell', visibility: 'SERVICE' } as const;

interface Kind {
  readonly type: string;
  readonly route: Route;
  /** The field of the other files. */
  readonly list: string;
  readonly more: Readonly<Record<string, string>>;
}

async function planFor({ key }: Submission, folder: SignatureFolder, { type, route, list, more }: Kind, context: ConnectorContext): Promise<Plan> {
  const place = route.sign ? await signaturePlace(folder, context) : null;
  const { main, annexes, title, deadline, subtype } = folder;
  return {
    key, type, route, titleField: 'libelle', act: null, lists: [list], subtype: route.sign ? subtype : null,
    fields: { libelle: markedTitle(title, documentMark(key), LONGEST_TITLE), ...(deadline !== null && { has_date_limite: '1', date_limite: deadline }), ...more },
    files: [{ field: 'document', number: 0, ...main }, ...annexes.map((file, number) => ({ field: list, number, ...file }))],
    recognition: byTitle(key, null, `«${title}»`),
    facts: { kind: 'signing', folder: sentFolderOf(folder, place) },
  };
}

function addressesOf(value: Submission['fields'][string] | undefined): readonly string[] {
  return Array.isArray(value) ? (value as readonly string[]).map((address) => address.trim()).filter((address) => address !== '') : [];
}

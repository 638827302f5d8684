import type { PdfObject } from './find-pdf-signatures.js';
import type { Span } from './readable-document.js';

/** The dictionary of a signature of a PDF (ISO 32000-1 §12.8.1, table 252). */
export interface PdfSignature {
  /** The two spans that it covers, in file order. */
  readonly covers: readonly [Span, Span];
  /** Where its `/Contents` are: `<` to `>`. */
  readonly hole: Span;
  /** What the `/Contents` hold, with the padding. */
  readonly contents: Buffer;
  readonly subFilter: string;
  /** `/M`, epoch milliseconds; null where it says nothing. */
  readonly claimedAt: number | null;
  /** A time stamp of the document (ISO 32000-2 §12.8.5, ETSI EN 319 142-1 §5.5): it says when, not who. */
  readonly isTimeStamp: boolean;
}

/** Reads the dictionary of a signature, or says why it cannot be one. */
export function readPdfSignature({ at, bytes }: PdfObject): PdfSignature | string {
  const text = bytes.toString('latin1');
  const contents = once(text, /\/Contents\s{0,20}<([0-9A-Fa-f\s]*)>/g);
  if (contents === null) return 'a signature has no contents, or several';
  const rest = text.slice(0, contents.index) + text.slice(contents.index + contents[0].length);
  const ranges = once(rest, /\/ByteRange\s{0,20}\[\s{0,20}(\d{1,12})\s{1,20}(\d{1,12})\s{1,20}(\d{1,12})\s{1,20}(\d{1,12})\s{0,20}\]/g);
  if (ranges === null) return 'a signature does not say in two spans which bytes it covers (/ByteRange)';
  const end = at + contents.index + contents[0].length;
  const subFilter = /\/SubFilter\s{0,20}\/([A-Za-z0-9._]{1,40})/.exec(rest)?.[1] ?? '';
  return {
    covers: [spanOf(ranges[1], ranges[2]), spanOf(ranges[3], ranges[4])],
    hole: { start: end - contents[0].slice(contents[0].indexOf('<')).length, end },
    contents: Buffer.from((contents[1] ?? '').replace(/\s+/g, ''), 'hex'),
    subFilter,
    claimedAt: pdfDate(/\/M\s{0,20}\(([^)]{1,40})\)/.exec(rest)?.[1] ?? ''),
    isTimeStamp: subFilter === 'ETSI.RFC3161' || /\/Type\s{0,20}\/DocTimeStamp/.test(rest),
  };
}

function spanOf(start: string | undefined, length: string | undefined): Span {
  return { start: Number(start), end: Number(start) + Number(length) };
}

function once(text: string, pattern: RegExp): RegExpExecArray | null {
  const found = [...text.matchAll(pattern)];
  return found.length === 1 ? found[0] ?? null : null;
}

/** `D:YYYYMMDDHHmmSSOHH'mm'`, all but the year optional (ISO 32000-1 §7.9.4). */
function pdfDate(text: string): number | null {
  const parts = /^D:(\d{4})(\d\d)?(\d\d)?(\d\d)?(\d\d)?(\d\d)?(?:Z|([+-])(\d\d)'?(\d\d)?)?/.exec(text);
  if (parts === null) return null;
  const [, year, month = '01', day = '01', hour = '00', minute = '00', second = '00', sign, offsetHours = '00', offsetMinutes = '00'] = parts;
  const local = Date.UTC(Number(year), Number(month) - 1, Number(day), Number(hour), Number(minute), Number(second));
  const offset = (Number(offsetHours) * 60 + Number(offsetMinutes)) * 60_000;
  return sign === '+' ? local - offset : local + offset;
}

import type { PesFindings, PesSpot } from './pes-findings.js';

/** The platform looks for the encoding in so many characters (contracts/s2low.md §5.2). */
const WINDOW = 50;

/** How much of a file is kept to look at its declaration. */
export const HEAD_BYTES = 1024;

const BYTE_ORDER_MARKS = [['UTF-8', '\xef\xbb\xbf'], ['UTF-16', '\xff\xfe'], ['UTF-16', '\xfe\xff']] as const;

/** As declared; null where nothing is. `head` is the beginning of the file, a character for each byte. */
export function encodingOf(head: string): string | null {
  const declaration = /^\s*(?:\xef\xbb\xbf)?<\?xml\s([^]*?)\?>/.exec(head)?.[1] ?? '';
  return /(?:^|\s)encoding\s*=\s*["']([^"']*)["']/.exec(declaration)?.[1] ?? null;
}

/** The declaration has to say ISO-8859-1, and early (contracts/pes-actes-formats.md §A1, §A6 2). */
export function checkEncoding(head: string, findings: PesFindings): void {
  const spot: PesSpot = { place: '/', line: 1 };
  const mark = BYTE_ORDER_MARKS.find(([, bytes]) => head.startsWith(bytes))?.[0];
  const encoding = encodingOf(head);
  if (mark !== undefined) {
    findings.warning('A1', spot, { en: `the file begins with a byte order mark of ${mark}; expected the XML declaration at once`, fr: `le fichier commence par une marque d'ordre (BOM) ${mark} ; attendu : la déclaration XML, sans rien avant` });
  }
  if (encoding?.toUpperCase() !== 'ISO-8859-1') {
    findings.error('A6.2', spot, {
      en: `the file declares ${encoding === null ? 'no encoding' : `the encoding «${encoding}»`}; expected ISO-8859-1`,
      fr: `le fichier ${encoding === null ? 'ne déclare aucun encodage' : `déclare l'encodage «${encoding}»`} ; attendu : ISO-8859-1`,
    });
  } else if (!head.slice(0, WINDOW).toUpperCase().includes('ISO-8859-1')) {
    findings.error('A6.2', spot, {
      en: `ISO-8859-1 is declared after the first ${WINDOW} characters, where the platform does not look; expected <?xml version="1.0" encoding="ISO-8859-1"?>`,
      fr: `ISO-8859-1 est déclaré après les ${WINDOW} premiers caractères, où la plateforme ne regarde pas ; attendu : <?xml version="1.0" encoding="ISO-8859-1"?>`,
    });
  }
}

const WINDOWS = '€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ';
// and the five bytes that windows-1252 has no character for
const SUSPECT_WINDOWS = new RegExp(`[${WINDOWS}\\x81\\x8d\\x8f\\x90\\x9d]`);
const SUSPECT_UTF8 = new RegExp(`[ÂÃ][${WINDOWS}\\x80-\\xbf]`);

/** Looks at a value of a file that declares ISO-8859-1 and is in another encoding: nobody refuses it, and people read «Ã©» for «é». */
export function checkAccents(value: string, spot: () => PesSpot, findings: PesFindings): void {
  if (SUSPECT_UTF8.test(value)) {
    findings.warning('A6.2', spot(), { en: `«${value.slice(0, 60)}» seems to be UTF-8, while the file declares ISO-8859-1: its accents will be wrong`, fr: `«${value.slice(0, 60)}» semble être en UTF-8 alors que le fichier déclare ISO-8859-1 : les accents seront faux` });
  } else if (SUSPECT_WINDOWS.test(value)) {
    findings.warning('A6.2', spot(), { en: `«${value.slice(0, 60)}» has a character that ISO-8859-1 does not have (windows-1252)`, fr: `«${value.slice(0, 60)}» contient un caractère qui n'existe pas en ISO-8859-1 (windows-1252)` });
  }
}

const MARGIN = 56;
const LEADING = 15;
const PAGE = { width: 595, height: 842 };

/** A PDF of one page (A4) with these lines on it, for slips and samples: Helvetica, what is beyond Windows-1252 as `?`, what does
 * not fit on the page left out. */
export function makePdf(lines: readonly string[]): Buffer {
  const shown = lines.slice(0, Math.floor((PAGE.height - 2 * MARGIN) / LEADING));
  const text = `BT /F1 11 Tf ${LEADING} TL ${MARGIN} ${PAGE.height - MARGIN} Td\n${shown.map((line) => `(${escaped(line)}) Tj T*`).join('\n')}\nET`;
  const objects = [
    '<< /Type /Catalog /Pages 2 0 R >>',
    '<< /Type /Pages /Kids [3 0 R] /Count 1 >>',
    `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 ${PAGE.width} ${PAGE.height}] /Resources << /Font << /F1 5 0 R >> >> /Contents 4 0 R >>`,
    `<< /Length ${text.length} >>\nstream\n${text}\nendstream`,
    '<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>',
  ];
  // the second line tells programs that the file is binary (ISO 32000-1 §7.5.2)
  let file = '%PDF-1.7\n%\xe2\xe3\xcf\xd3\n';
  const places = objects.map((object, index) => {
    const at = file.length;
    file += `${index + 1} 0 obj\n${object}\nendobj\n`;
    return at;
  });
  const rows = places.map((at) => `${String(at).padStart(10, '0')} 00000 n \n`).join('');
  file += `xref\n0 ${objects.length + 1}\n0000000000 65535 f \n${rows}trailer\n<< /Size ${objects.length + 1} /Root 1 0 R >>\nstartxref\n${file.length}\n%%EOF\n`;
  return Buffer.from(file, 'latin1');
}

/** The characters of Latin-1 are where Windows-1252 has them; the few that only the latter has are given one by one. */
function escaped(line: string): string {
  return line.replace(/[€’‘“”–—…œŒ•]/g, (character) => WINDOWS_1252[character] ?? '?')
    .replace(/[^\x20-\x7e\x80-\xff]/g, '?')
    .replace(/[\\()]/g, (character) => `\\${character}`);
}

const WINDOWS_1252: Readonly<Record<string, string>> = {
  '€': '\x80', '…': '\x85', 'Œ': '\x8c', '‘': '\x91', '’': '\x92', '“': '\x93', '”': '\x94', '•': '\x95', '–': '\x96', '—': '\x97', 'œ': '\x9c',
};

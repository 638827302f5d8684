import { deflateSync } from 'node:zlib';

/** A PDF as programs of today write it: its catalog and pages in an object stream, its cross-references in a stream with rows
 * that are predicted from the ones above. `more`: further members of its root of pages. */
export function pdfWithStreams(more = ''): Buffer {
  const members = ['<< /Type /Catalog /Pages 2 0 R >>', `<< /Type /Pages /Kids [3 0 R] /Count 1 ${more} >>`, '<< /Type /Page /Parent 2 0 R /MediaBox [0 0 100 100] /Annots 4 0 R >>', '[ ]'];
  let offset = 0;
  const index = members.map((member, place) => { const row = `${place + 1} ${offset}`; offset += member.length + 1; return row; }).join(' ');
  const packed = deflateSync(Buffer.from(`${index} ${members.join(' ')}`));
  const head = Buffer.from('%PDF-1.7\n%\xe2\xe3\xcf\xd3\n', 'latin1');
  const objects = Buffer.concat([Buffer.from(`5 0 obj\n<< /Type /ObjStm /N 4 /First ${index.length + 1} /Filter /FlateDecode /Length ${packed.length} >>\nstream\n`), packed, Buffer.from('\nendstream\nendobj\n')]);
  const at = head.length + objects.length;
  const rows = [[0, 0, 255], [2, 5, 0], [2, 5, 1], [2, 5, 2], [2, 5, 3], [1, head.length, 0], [1, at, 0]].map(([type, second, third]) => [type!, second! >> 8, second! & 255, third!]);
  const predicted = Buffer.from(rows.flatMap((row, line) => [2, ...row.map((byte, column) => (byte - (line === 0 ? 0 : rows[line - 1]![column]!)) & 255)]));
  const xref = deflateSync(predicted);
  const dictionary = `<< /Type /XRef /Size 7 /W [1 2 1] /Root 1 0 R /Filter /FlateDecode /DecodeParms << /Predictor 12 /Columns 4 >> /Length ${xref.length} >>`;
  return Buffer.concat([head, objects, Buffer.from(`6 0 obj\n${dictionary}\nstream\n`), xref, Buffer.from(`\nendstream\nendobj\nstartxref\n${at}\n%%EOF\n`)]);
}

// Makes config/templates/item.docx, the Word template of the demonstration. Administrators edit such files in Word or
// LibreOffice; this script only keeps its origin readable.
import fs from 'node:fs';
import path from 'node:path';
import PizZip from 'pizzip';

const WORD = 'http://schemas.openxmlformats.org/wordprocessingml/2006/main';
const RELATIONSHIPS = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
const PACKAGE = 'http://schemas.openxmlformats.org/package/2006';
const TYPE = 'application/vnd.openxmlformats-officedocument.wordprocessingml';
const HEADER = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n';

const text = (content, bold = false) => `<w:r>${bold ? '<w:rPr><w:b/></w:rPr>' : ''}<w:t xml:space="preserve">${content}</w:t></w:r>`;
const paragraph = (content, style = '') => `<w:p>${style === '' ? '' : `<w:pPr><w:pStyle w:val="${style}"/></w:pPr>`}${text(content)}</w:p>`;
const row = (label, value) => `<w:tr><w:tc><w:tcPr><w:tcW w:w="2200" w:type="dxa"/><w:shd w:val="clear" w:color="auto" w:fill="EEEEEE"/></w:tcPr><w:p>${text(label, true)}</w:p></w:tc>`
  + `<w:tc><w:tcPr><w:tcW w:w="6872" w:type="dxa"/></w:tcPr><w:p>${text(value)}</w:p></w:tc></w:tr>`;
const borders = ['top', 'left', 'bottom', 'right', 'insideH', 'insideV'].map((side) => `<w:${side} w:val="single" w:sz="4" w:space="0" w:color="888888"/>`).join('');

const body = [
  paragraph('{title}', 'Titre'),
  `<w:tbl><w:tblPr><w:tblW w:w="9072" w:type="dxa"/><w:tblBorders>${borders}</w:tblBorders></w:tblPr><w:tblGrid><w:gridCol w:w="2200"/><w:gridCol w:w="6872"/></w:tblGrid>`,
  row('Référence', '{reference}'),
  row('Service', '{proposingOrganisation}'),
  row('Catégorie', '{category}'),
  row('Séance', '{meeting}{^meeting}À fixer{/meeting}'),
  row('État', '{reviewState}'),
  row('Rédigé par', '{creator}, le {createdOn}'),
  '</w:tbl>',
  paragraph('Exposé', 'Titre1'), paragraph('{@descriptionHtml}'),
  paragraph('{#detailedDescriptionHtml}'), paragraph('Description détaillée', 'Titre1'), paragraph('{@detailedDescriptionHtml}'), paragraph('{/detailedDescriptionHtml}'),
  paragraph('{#motivationHtml}'), paragraph('Motivation', 'Titre1'), paragraph('{@motivationHtml}'), paragraph('{/motivationHtml}'),
  paragraph('Décision', 'Titre1'), paragraph('{@decisionHtml}'),
  paragraph('Annexes', 'Titre1'),
  paragraph('{#annexes}'), paragraph('– {title} ({filename})'), paragraph('{/annexes}'),
  paragraph('{^annexes}'), paragraph('Aucune annexe.'), paragraph('{/annexes}'),
  '<w:sectPr><w:footerReference w:type="default" r:id="rId2"/><w:pgSz w:w="11906" w:h="16838"/><w:pgMar w:top="1134" w:right="1417" w:bottom="1134" w:left="1417" w:header="708" w:footer="708" w:gutter="0"/></w:sectPr>',
].join('');

const style = (id, name, size, before, after) => `<w:style w:type="paragraph" w:styleId="${id}"><w:name w:val="${name}"/><w:basedOn w:val="Normal"/><w:next w:val="Normal"/>`
  + `<w:qFormat/><w:pPr><w:keepNext/><w:spacing w:before="${before}" w:after="${after}"/></w:pPr><w:rPr><w:b/><w:sz w:val="${size}"/></w:rPr></w:style>`;
const field = '<w:fldSimple w:instr=" PAGE "><w:r><w:t>1</w:t></w:r></w:fldSimple>';

const parts = {
  '[Content_Types].xml': `<Types xmlns="${PACKAGE}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/>`
    + `<Override PartName="/word/document.xml" ContentType="${TYPE}.document.main+xml"/><Override PartName="/word/styles.xml" ContentType="${TYPE}.styles+xml"/><Override PartName="/word/footer1.xml" ContentType="${TYPE}.footer+xml"/></Types>`,
  '_rels/.rels': `<Relationships xmlns="${PACKAGE}/relationships"><Relationship Id="rId1" Type="${RELATIONSHIPS}/officeDocument" Target="word/document.xml"/></Relationships>`,
  'word/_rels/document.xml.rels': `<Relationships xmlns="${PACKAGE}/relationships"><Relationship Id="rId1" Type="${RELATIONSHIPS}/styles" Target="styles.xml"/><Relationship Id="rId2" Type="${RELATIONSHIPS}/footer" Target="footer1.xml"/></Relationships>`,
  'word/document.xml': `<w:document xmlns:w="${WORD}" xmlns:r="${RELATIONSHIPS}"><w:body>${body}</w:body></w:document>`,
  'word/footer1.xml': `<w:ftr xmlns:w="${WORD}"><w:p><w:pPr><w:jc w:val="center"/></w:pPr>${text('{title} – page ')}${field}</w:p></w:ftr>`,
  'word/styles.xml': `<w:styles xmlns:w="${WORD}"><w:docDefaults><w:rPrDefault><w:rPr><w:rFonts w:ascii="Calibri" w:hAnsi="Calibri" w:cs="Calibri"/><w:sz w:val="22"/><w:lang w:val="fr-BE"/></w:rPr></w:rPrDefault>`
    + '<w:pPrDefault><w:pPr><w:spacing w:after="100" w:line="264" w:lineRule="auto"/></w:pPr></w:pPrDefault></w:docDefaults><w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/><w:qFormat/></w:style>'
    + `${style('Titre', 'Title', 36, 0, 240)}${style('Titre1', 'heading 1', 28, 300, 100)}</w:styles>`,
};

const zip = new PizZip();
// A fixed date, so that the same script makes the same bytes.
for (const [name, xml] of Object.entries(parts)) zip.file(name, HEADER + xml, { date: new Date(Date.UTC(2026, 0, 1)) });
const target = path.resolve(import.meta.dirname, '../config/templates/item.docx');
fs.writeFileSync(target, zip.generate({ type: 'nodebuffer', compression: 'DEFLATE' }));

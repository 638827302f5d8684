import type PizZip from 'pizzip';
import { escapeXml, RELATIONSHIPS, type OoxmlReferences } from './ooxml.js';

const WORD = 'http://schemas.openxmlformats.org/wordprocessingml/2006/main';
const PACKAGE_RELATIONSHIPS = 'http://schemas.openxmlformats.org/package/2006/relationships';
const HEADER = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n';
const NUMBERING = 'word/numbering.xml';
const LINK_ID = 'relaisLink';

const LEVELS = [0, 1, 2, 3, 4, 5, 6, 7, 8];
const BULLETS = ['•', '◦', '▪'];

/** Collects what rich text refers to and writes it into the other parts of a Word file. */
export interface DocxParts extends OoxmlReferences {
  /** Adds the lists to the numbering part and the links to the relationships of each part that uses them. Call it once, after
   * the text is in place. */
  write(): void;
}

/** `zip` is the Word file; its own lists and links keep their numbers. */
export function createDocxParts(zip: PizZip): DocxParts {
  const links = new Map<string, string>();
  const lists: string[] = [];
  const before = zip.file(NUMBERING)?.asText();
  const ids = { abstract: highest(before, 'abstractNumId') + 1, list: highest(before, 'numId') + 1 };
  const bullets = ids.abstract;
  const numbers = ids.abstract + 1;
  let bulletList: number | null = null;

  function newList(abstract: number, override: string): number {
    const id = ids.list + lists.length;
    lists.push(`<w:num w:numId="${id}"><w:abstractNumId w:val="${abstract}"/>${override}</w:num>`);
    return id;
  }

  return {
    link(address) {
      const known = links.get(address);
      if (known !== undefined) return known;
      const id = `${LINK_ID}${links.size + 1}`;
      links.set(address, id);
      return id;
    },
    // Every ordered list has its own numbering: otherwise the second would go on where the first ended.
    numbering({ ordered, start, level }) {
      if (!ordered) return bulletList ??= newList(bullets, '');
      return newList(numbers, `<w:lvlOverride w:ilvl="${level}"><w:startOverride w:val="${start}"/></w:lvlOverride>`);
    },
    write() {
      if (lists.length > 0) writeNumbering(zip, before, abstractList(bullets, false) + abstractList(numbers, true), lists.join(''));
      if (links.size > 0) writeLinks(zip, links);
    },
  };
}

function highest(xml: string | undefined, attribute: string): number {
  return Math.max(0, ...[...(xml ?? '').matchAll(new RegExp(`w:${attribute}="(\\d+)"`, 'g'))].map((match) => Number(match[1])));
}

function abstractList(id: number, ordered: boolean): string {
  const levels = LEVELS.map((level) => {
    const mark = ordered ? `%${level + 1}.` : BULLETS[level % BULLETS.length] ?? '•';
    return `<w:lvl w:ilvl="${level}"><w:start w:val="1"/><w:numFmt w:val="${ordered ? 'decimal' : 'bullet'}"/><w:lvlText w:val="${mark}"/>`
      + `<w:lvlJc w:val="left"/><w:pPr><w:ind w:left="${(level + 1) * 720}" w:hanging="360"/></w:pPr></w:lvl>`;
  });
  return `<w:abstractNum w:abstractNumId="${id}"><w:multiLevelType w:val="multilevel"/>${levels.join('')}</w:abstractNum>`;
}

/** The schema wants every abstractNum before the first num. */
function writeNumbering(zip: PizZip, before: string | undefined, abstracts: string, lists: string): void {
  if (before === undefined) {
    zip.file(NUMBERING, `${HEADER}<w:numbering xmlns:w="${WORD}">${abstracts}${lists}</w:numbering>`);
    addContentType(zip, 'application/vnd.openxmlformats-officedocument.wordprocessingml.numbering+xml');
    addRelationships(zip, 'word/document.xml', `<Relationship Id="relaisNumbering" Type="${RELATIONSHIPS}/numbering" Target="numbering.xml"/>`);
    return;
  }
  const open = before.replace(/<w:numbering([^>]*)\/>/, '<w:numbering$1></w:numbering>');
  const firstNum = open.search(/<w:num[ >]/);
  const end = open.search(/<w:numIdMacAtCleanup|<\/w:numbering>/);
  const abstractsAt = firstNum === -1 ? end : firstNum;
  zip.file(NUMBERING, open.slice(0, abstractsAt) + abstracts + open.slice(abstractsAt, end) + lists + open.slice(end));
}

function addContentType(zip: PizZip, type: string): void {
  const file = '[Content_Types].xml';
  const types = zip.file(file)?.asText() ?? '';
  zip.file(file, types.replace('</Types>', `<Override PartName="/${NUMBERING}" ContentType="${type}"/></Types>`));
}

function writeLinks(zip: PizZip, links: ReadonlyMap<string, string>): void {
  for (const part of Object.keys(zip.files).filter((name) => /^word\/[^/]+\.xml$/.test(name))) {
    const text = zip.file(part)?.asText() ?? '';
    const used = [...links].filter(([, id]) => text.includes(`r:id="${id}"`));
    if (used.length === 0) continue;
    addRelationships(zip, part, used.map(([address, id]) => `<Relationship Id="${id}" Type="${RELATIONSHIPS}/hyperlink" Target="${escapeXml(address)}" TargetMode="External"/>`).join(''));
  }
}

function addRelationships(zip: PizZip, part: string, relationships: string): void {
  const file = part.replace('word/', 'word/_rels/') + '.rels';
  const found = zip.file(file)?.asText() ?? `${HEADER}<Relationships xmlns="${PACKAGE_RELATIONSHIPS}"></Relationships>`;
  zip.file(file, found.replace(/<Relationships([^>]*)\/>/, '<Relationships$1></Relationships>').replace('</Relationships>', () => `${relationships}</Relationships>`));
}

import { MOST_BYTES, attributeOf, childNamed, childText, childrenNamed, readBusinessXml, type XmlElement } from '../business-xml.js';
import { FormatError } from '../format-error.js';
import type { ActeNature, Classification, Typology } from './classification.js';

/** Reads the classification that a platform hands over (contracts/pes-actes-formats.md §B2), with or without types of documents. Throws
 * FormatError for what is none. */
export async function readClassification(content: AsyncIterable<Uint8Array>): Promise<Classification> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of content) {
    size += chunk.length;
    if (size > MOST_BYTES) throw new FormatError(`The classification holds more than ${MOST_BYTES} bytes.`);
    chunks.push(chunk);
  }
  return classificationOf(Buffer.concat(chunks));
}

/** As readClassification, of bytes that are there already. */
export function classificationOf(bytes: Buffer): Classification {
  const root = readBusinessXml(bytes, 'The classification');
  if (root.name !== 'RetourClassification') throw new FormatError(`The classification is a ${root.name}; RetourClassification was expected.`);
  const date = childText(root, 'DateClassification');
  if (date === null || !/^\d{4}-\d{2}-\d{2}$/.test(date)) throw new FormatError(`The classification is of «${date ?? ''}»; a date was expected.`);
  const natures = childNamed(root, 'NaturesActes')?.children.filter(({ name }) => name === 'NatureActe').map(natureOf) ?? [];
  const matters = new Map(mattersOf(childNamed(root, 'Matieres'), 1, ''));
  if (natures.length === 0 || matters.size === 0) throw new FormatError('The classification has no natures of acts, or no matters.');
  return { date, natures, matters };
}

function natureOf(element: XmlElement): ActeNature {
  const typologies = childrenNamed(element, 'TypePJNatureActe').map((one): Typology => ({ code: attributeOf(one, 'CodeTypePJ') ?? '', label: attributeOf(one, 'Libelle') ?? '' })).filter(({ code }) => code !== '');
  const isGeneral = ({ code }: Typology): boolean => code.startsWith('99_');
  return {
    code: attributeOf(element, 'CodeNatureActe') ?? '', label: attributeOf(element, 'Libelle') ?? '', short: attributeOf(element, 'TypeAbrege') ?? '',
    typologies: [...typologies.filter(isGeneral), ...typologies.filter((typology) => !isGeneral(typology))],
  };
}

/** Paths and labels, in the order of the file: that is not the one of the numbers. */
function mattersOf(parent: XmlElement | undefined, level: number, above: string): [string, string][] {
  if (parent === undefined || level > 5) return [];
  return childrenNamed(parent, `Matiere${level}`).flatMap((matter): [string, string][] => {
    const path = `${above}${attributeOf(matter, 'CodeMatiere') ?? ''}`;
    return [[path, attributeOf(matter, 'Libelle') ?? ''], ...mattersOf(matter, level + 1, `${path}.`)];
  });
}

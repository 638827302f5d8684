import { attributes, buildMessage, childrenOf, type Built } from './build-message.js';
import type { ActeNature, Classification } from './classification.js';

/** A classification as the prefecture sends it, message 7-2 (contracts/pes-actes-formats.md §B2). */
export function writeClassification({ date, natures, matters }: Classification): Buffer {
  return buildMessage('RetourClassification', childrenOf({
    DateClassification: date,
    NaturesActes: childrenOf({ NatureActe: natures.map(natureOf) }),
    Matieres: mattersBelow('', 1, matters),
  }));
}

/** The answer where nothing has changed, message 7-3. */
export function writeUnchangedClassification(date: string): Buffer {
  return buildMessage('ReponseClassificationSansChangement', childrenOf({ DateClassification: date }));
}

function natureOf({ code, label, short, typologies }: ActeNature): Built {
  const types = typologies.map((typology) => attributes({ CodeTypePJ: typology.code, Libelle: typology.label }));
  return { ...attributes({ CodeNatureActe: code, Libelle: label, TypeAbrege: short }), ...childrenOf({ TypePJNatureActe: types.length === 0 ? null : types }) };
}

function mattersBelow(above: string, level: number, matters: Classification['matters']): Built {
  const here = [...matters].filter(([path]) => path.startsWith(above) && path.split('.').length === level);
  const built = here.map(([path, label]) => ({ ...attributes({ CodeMatiere: path.slice(above.length), Libelle: label }), ...mattersBelow(`${path}.`, level + 1, matters) }));
  return built.length === 0 ? {} : childrenOf({ [`Matiere${level}`]: built });
}

import type { ActeNature, Classification, Typology } from '../formats/actes/classification.js';

/** The classification of the simulated prefecture: a small one of the usual shape (contracts/pes-actes-formats.md §B2). Each change brings a newer
 * date and a matter more, and every second one takes the typology `41_CA` away. */
export function sampleClassification(changes: number): Classification {
  const date = new Date(FIRST_DAY + changes * DAY_MS).toISOString().slice(0, 10);
  const added = Array.from({ length: changes }, (_, index): [string, string] => [`9.${index + 5}`, `Domaine ajouté ${index + 1}`]);
  return { date, natures: changes % 2 === 0 ? NATURES : NATURES.map((nature) => ({ ...nature, typologies: nature.typologies.filter(({ code }) => code !== '41_CA') })), matters: new Map([...MATTERS, ...added]) };
}

const FIRST_DAY = Date.UTC(2026, 0, 5);
const DAY_MS = 86_400_000;

const SIGNATURE: Typology = { code: '99_SE', label: 'Fichier de signature électronique' };
const OTHER: Typology = { code: '22_AV', label: 'Avis' };
const PLAN: Typology = { code: '41_CA', label: 'Carte ou plan' };

/** In the order of a real one, which is not that of the codes. */
const NATURES: readonly ActeNature[] = [
  natureOf('6', 'Autres', 'AU', { code: '99_AU', label: 'Autre document' }),
  natureOf('2', 'Actes réglementaires', 'AR', { code: '99_AR', label: 'Acte réglementaire' }),
  natureOf('3', 'Actes individuels', 'AI', { code: '99_AI', label: 'Acte individuel' }),
  natureOf('4', 'Contrats, conventions et avenants', 'CC', { code: '99_DC', label: 'Document contractuel' }),
  natureOf('1', 'Délibérations', 'DE', { code: '99_DE', label: 'Délibération' }),
  { code: '5', label: 'Documents budgétaires et financiers', short: 'BF', typologies: [{ code: '99_BU', label: 'Document budgétaire' }, SIGNATURE, { code: '70_DE', label: 'Délibération budgétaire' }] },
];

function natureOf(code: string, label: string, short: string, own: Typology): ActeNature {
  return { code, label, short, typologies: [own, SIGNATURE, OTHER, PLAN] };
}

const MATTERS: readonly (readonly [string, string])[] = [
  ['1', 'Commande publique'], ['1.1', 'Marchés publics'], ['1.2', 'Délégation de service public'], ['1.4', 'Autres contrats'],
  ['2', 'Urbanisme'], ['2.1', 'Documents d\'urbanisme'], ['2.2', 'Actes relatifs au droit d\'occupation ou d\'utilisation des sols'],
  ['3', 'Domaine et patrimoine'], ['3.1', 'Acquisitions'], ['3.2', 'Aliénations'],
  ['4', 'Fonction publique'], ['4.1', 'Personnel titulaire et stagiaire de la fonction publique territoriale'],
  ['5', 'Institutions et vie politique'], ['5.2', 'Fonctionnement des assemblées'], ['5.2.3', 'Règlement intérieur'],
  ['6', 'Libertés publiques et pouvoirs de police'], ['6.1', 'Police municipale'],
  ['7', 'Finances locales'], ['7.1', 'Décisions budgétaires'], ['7.10', 'Divers'], ['7.2', 'Fiscalité'], ['7.5', 'Subventions'],
  ['8', 'Domaines de compétences par thèmes'], ['8.3', 'Voirie'], ['8.8', 'Environnement'],
  ['9', 'Autres domaines de compétences'], ['9.1', 'Autres domaines de compétences des communes'], ['9.4', 'Vœux et motions'],
];

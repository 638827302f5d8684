import type { DocumentData } from '../../../src/documents/generate-document.js';

export function sampleData(change: Partial<DocumentData> = {}): DocumentData {
  return {
    title: 'Réfection de l’église', reference: '2027/12', proposingOrganisation: 'Urbanisme', category: 'Travaux', creator: 'Zoé', createdOn: '1 mars 2027',
    meeting: '15 mars 2027 à 18:30', reviewState: 'Validé', externalIdentifier: 'GED-1', descriptionHtml: '<p>Exposé <b>gras</b></p>',
    detailedDescriptionHtml: '', motivationHtml: '', decisionHtml: '<p>D’approuver.</p>', annexes: [{ title: 'Plan', filename: 'plan.pdf' }], ...change,
  };
}

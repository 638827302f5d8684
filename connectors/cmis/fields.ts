import type { TargetField } from '../../src/domain/mapping.js';

/** Prefix of properties: `property.dc:title`. */
export const PROPERTY_PREFIX = 'property.';

const mainDocument: TargetField = { type: 'text', title: { fr: 'Document principal', en: 'Main document' } };

export const createFields: Readonly<Record<string, TargetField>> = {
  folder: { type: 'text', title: { fr: 'Dossier (sous celui des réglages ; a/b/c)', en: 'Folder (below that of the settings; a/b/c)' } },
  name: { type: 'text', title: { fr: 'Nom du document principal', en: 'Name of the main document' } },
  mainDocument,
  annexes: { type: 'list', title: { fr: 'Autres documents', en: 'Other documents' } },
  type: { type: 'text', title: { fr: 'Type du document principal', en: 'Type of the main document' } },
  aspects: { type: 'list', title: { fr: 'Aspects du document principal', en: 'Aspects of the main document' } },
};

export const updateFields: Readonly<Record<string, TargetField>> = {
  document: { type: 'text', title: { fr: 'Document à mettre à jour', en: 'Document to update' } },
  mainDocument,
  major: { type: 'boolean', title: { fr: 'Version majeure', en: 'Major version' } },
  comment: { type: 'text', title: { fr: 'Commentaire de version', en: 'Comment of the version' } },
};

import type { TargetField } from '../../src/domain/mapping.js';

/** What a step may give a session. A document is named by the id, the uid or the file name of the annex. */
export const FIELDS = {
  documents: { type: 'list', title: { fr: 'Documents à signer', en: 'Documents to be signed' } },
  title: { type: 'text', title: { fr: 'Nom de la séance', en: 'Name of the session' }, maxLength: 200 },
  signers: { type: 'list', title: { fr: 'Courriels des signataires', en: 'E-mail addresses of the signers' } },
  signerRule: { type: 'text', title: { fr: 'Règle des signataires', en: 'Rule of the signers' } },
  watchers: { type: 'list', title: { fr: 'Courriels des observateurs', en: 'E-mail addresses of the watchers' } },
  seal: { type: 'boolean', title: { fr: 'Cachet de la ville', en: 'Seal of the town' } },
  acroform: { type: 'boolean', title: { fr: 'Champs de signature du PDF', en: 'Signature fields of the PDF' } },
  discriminator: { type: 'text', title: { fr: 'Séparer selon', en: 'Keep apart by' } },
} as const satisfies Record<string, TargetField>;

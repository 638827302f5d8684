import type { Operation, Submission } from '../../src/connector-api/connector.js';

/** Fields that say what to do; every other one is a field of the object over there. */
const OURS: ReadonlySet<string> = new Set(['mainFile', 'files', 'target', 'transition']);

const transition = { type: 'text', title: { fr: 'Transition à déclencher ensuite', en: 'Transition to trigger afterwards' } } as const;
const files = { type: 'list', title: { fr: 'Fichiers, par id, uid ou nom', en: 'Files, by id, uid or name' } } as const;

/** Fields of an incoming mail of iA.Docs that are lists or dates; others are taken as texts (imio.dms.mail, schema of IImioDmsIncomingMail). */
export const createMail: Operation = {
  idempotence: 'client-key',
  anyField: true,
  fields: {
    title: { type: 'text', title: { fr: 'Objet', en: 'Subject' } },
    description: { type: 'text', title: { fr: 'Description', en: 'Description' } },
    mainFile: { type: 'text', title: { fr: 'Fichier principal, par id, uid ou nom', en: 'Main file, by id, uid or name' } },
    files,
    transition,
    mail_type: { type: 'text', title: { fr: 'Type de courrier', en: 'Type of mail' } },
    sender: { type: 'list', title: { fr: 'Expéditeurs (UID de contacts)', en: 'Senders (UIDs of contacts)' } },
    send_modes: { type: 'list', title: { fr: 'Formes d’envoi', en: 'Ways of sending' } },
    treating_groups: { type: 'text', title: { fr: 'Service traitant (UID)', en: 'Treating service (UID)' } },
    recipient_groups: { type: 'list', title: { fr: 'Services en copie (UID)', en: 'Services in copy (UIDs)' } },
    original_mail_date: { type: 'date', title: { fr: 'Date du courrier', en: 'Date of the mail' } },
    reception_date: { type: 'date', title: { fr: 'Date de réception', en: 'Date of reception' } },
    external_reference_no: { type: 'text', title: { fr: 'Référence externe', en: 'External reference' } },
  },
};

export const returnDecision: Operation = {
  idempotence: 'client-key',
  anyField: true,
  fields: {
    target: { type: 'text', required: true, title: { fr: 'Élément à compléter (UID)', en: 'Object to complete (UID)' } },
    files: { ...files, required: true, title: { fr: 'Fichiers, par id, uid ou nom, ou * pour tous', en: 'Files, by id, uid or name, or * for all' } },
    transition,
  },
};

/** What goes onto the object over there, by its own names. */
export function contentFields({ fields }: Submission): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(fields).filter(([name, value]) => !OURS.has(name) && value !== null));
}

/** A text that is mapped and not empty. */
export function givenText({ fields }: Submission, name: string): string | undefined {
  const value = fields[name];
  return typeof value === 'string' && value.trim() !== '' ? value.trim() : undefined;
}

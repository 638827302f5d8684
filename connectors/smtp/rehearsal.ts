import type { Rehearsal } from '../../src/connector-kit/rehearsal.js';
import { openSimulator } from './simulator.js';

export const rehearsals: readonly Rehearsal[] = [{
  operation: 'send',
  fields: {
    to: ['greffe@ville.example', 'Secrétariat <secretariat@ville.example>'],
    cc: ['dgs@ville.example'],
    bcc: ['archives@ville.example'],
    replyTo: ['urbanisme@ville.example'],
    subject: 'Délibération n° 12 — « l’été »',
    text: 'Bonjour,\n\nVoici l’acte signé.\n. \nLe greffe',
    html: '<p>Bonjour,</p><p>Voici l’<b>acte</b> signé.</p>',
    template: 'decision',
    attach: true,
  },
  skips: { 'retry-after': 'a mail server does not say when to come back' },
  open: openSimulator,
}];

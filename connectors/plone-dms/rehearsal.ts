import type { Rehearsal } from '../../src/connector-kit/rehearsal.js';
import { permitUid } from './simulated-site.js';
import { openSimulator, settingsFor } from './simulator.js';

const READS_WHOLE = 'its simulated other side reads JSON whole, as Plone does; test/contract/plone-dms.test.ts has the large file';
const COUNTED_BY_FILES = 'its simulated other side knows by the files which item something came from';
const skips = { 'large-file': READS_WHOLE, 'no-file': COUNTED_BY_FILES } as const;

const mail = {
  title: 'Demande de « voirie »', description: 'Rue Haute', mail_type: 'courrier', treating_groups: '2'.repeat(32), recipient_groups: ['3'.repeat(32)], sender: ['4'.repeat(32)],
  send_modes: ['post'], external_reference_no: 'V/2027/14', original_mail_date: '2027-02-26', reception_date: '2027-03-01', mainFile: null, files: null, transition: null,
};

export const rehearsals: readonly Rehearsal[] = [
  { operation: 'create-mail', skips, fields: mail, settingsAt: (port) => settingsFor(`http://127.0.0.1:${port}`), open: openSimulator },
  {
    operation: 'return-decision', skips,
    fields: { target: permitUid(1), decisionText: '<p>Le collège accepte.</p>', files: ['*'], transition: null },
    perItem: { fields: ({ uid }) => ({ target: permitUid(Number.parseInt(uid, 16)) }) },
    open: openSimulator,
  },
];

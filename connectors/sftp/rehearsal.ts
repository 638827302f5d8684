import type { Rehearsal } from '../../src/connector-kit/rehearsal.js';
import { openSimulator } from './simulator.js';

export const rehearsals: readonly Rehearsal[] = [{
  operation: 'deposit',
  skips: {
    refuses: 'an SFTP server has no opinion about what it is given',
    'cuts-answer': 'half an SSH packet is no answer: it is the same as a lost one',
    throttles: 'the protocol has no words for it',
  },
  open: openSimulator,
}];

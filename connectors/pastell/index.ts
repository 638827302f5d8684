import type { Connector } from '../../src/connector-api/connector.js';
import { actFields, pesFields, TRANSMIT_ACT, TRANSMIT_PES } from '../../src/tele-transmission/fields.js';
import { check } from './check.js';
import { choicesOf } from './choices.js';
import { collectReturns } from './collect.js';
import { pastellSettings, type PastellSettings } from './config.js';
import { pdfFields, signFields } from './fields.js';
import { handOver, lookFor } from './hand-over.js';
import { personalLink } from './personal-link.js';
import { PROCESS_PDF, SIGN } from './plan-of.js';
import { surveyDocuments } from './survey.js';
import { takeBack } from './take-back.js';
import { trackDocument } from './track.js';

/** So many are asked about together: the list that is read is the same for one and for all. */
const SURVEYED = 2000;

/** Has acts and PES flows transmitted, and documents signed and processed, by Pastell, over its REST interface (version 2 of it, Pastell 2.0 to 4.1). */
export const pastell: Connector<PastellSettings> = {
  manifest: {
    id: 'pastell',
    title: { fr: 'Pastell', en: 'Pastell' },
    kinds: ['*'],
    operations: {
      [TRANSMIT_ACT]: { idempotence: 'natural-key', fields: actFields, answersLater: true },
      [TRANSMIT_PES]: { idempotence: 'natural-key', fields: pesFields, answersLater: true },
      [PROCESS_PDF]: { idempotence: 'client-key', fields: pdfFields, answersLater: true },
      [SIGN]: { idempotence: 'client-key', fields: signFields, answersLater: true },
    },
  },
  settings: pastellSettings,
  check,
  submit: handOver,
  probe: lookFor,
  track: (receipt, _submission, settings, context) => trackDocument(receipt, settings, context),
  survey: { atMost: SURVEYED, ask: surveyDocuments },
  collect: collectReturns,
  personalLink: (receipt, _submission, settings, context) => personalLink(receipt, settings, context),
  choices: choicesOf,
  cancel: (receipt, _submission, settings, context) => takeBack(receipt, settings, context),
};

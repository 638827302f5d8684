import type { Connector, ConnectorContext, Probe, Receipt, Submission } from '../../src/connector-api/connector.js';
import { Misconfigured } from '../../src/connector-api/failures.js';
import { actFields, pesFields, TRANSMIT_ACT, TRANSMIT_PES } from '../../src/tele-transmission/fields.js';
import { answerFields, answerLetter, probeAnswer } from './answer-letter.js';
import { createApi } from './api.js';
import { cancelAct, cancelFields, probeCancellation } from './cancel-act.js';
import { checkAccount } from './check.js';
import { collect } from './collect.js';
import { s2lowSettings, type S2lowSettings } from './config.js';
import { choicesOf, fetchClassification } from './live-classification.js';
import { personalLink } from './personal-link.js';
import { takeBack } from './take-back.js';
import { track } from './track.js';
import { probeAct, transmitAct } from './transmit-act.js';
import { probePes, transmitPes } from './transmit-pes.js';

interface Operation {
  submit(submission: Submission, settings: S2lowSettings, context: ConnectorContext): Promise<Receipt>;
  probe(submission: Submission, settings: S2lowSettings, context: ConnectorContext): Promise<Probe>;
}

const OPERATIONS: ReadonlyMap<string, Operation> = new Map([
  [TRANSMIT_ACT, { submit: transmitAct, probe: probeAct }],
  [TRANSMIT_PES, { submit: transmitPes, probe: probePes }],
  ['answer-letter', { submit: answerLetter, probe: probeAnswer }],
  ['cancel-act', { submit: cancelAct, probe: probeCancellation }],
]);

/** Transmits acts to the prefecture and flows to the treasury through S2LOW, and brings back what they answer. */
export const s2low: Connector<S2lowSettings> = {
  manifest: {
    id: 's2low',
    title: { fr: 'S²LOW (télétransmission)', en: 'S²LOW (tele-transmission)' },
    kinds: ['*'],
    operations: {
      [TRANSMIT_ACT]: { idempotence: 'natural-key', fields: actFields, answersLater: true },
      [TRANSMIT_PES]: { idempotence: 'natural-key', fields: pesFields, answersLater: true },
      'answer-letter': { idempotence: 'natural-key', fields: answerFields, answersLater: true },
      'cancel-act': { idempotence: 'natural-key', fields: cancelFields, answersLater: true },
    },
  },
  settings: s2lowSettings,
  check: checkAccount,
  submit: async (submission, settings, context) => operation(submission).submit(submission, settings, context),
  probe: async (submission, settings, context) => operation(submission).probe(submission, settings, context),
  track: async (receipt, _submission, settings, context) => track(receipt, settings, context),
  cancel: (receipt, _submission, settings, context) => takeBack(receipt, settings, context),
  choices: async (settings, context) => choicesOf(await fetchClassification(createApi(settings, context))),
  collect,
  personalLink: (receipt, _submission, settings, context) => personalLink(receipt, settings, context),
};

function operation({ operation: name }: Submission): Operation {
  const found = OPERATIONS.get(name);
  if (found === undefined) throw new Misconfigured(`The s2low connector does ${[...OPERATIONS.keys()].map((one) => `«${one}»`).join(', ')}, not «${name}».`);
  return found;
}

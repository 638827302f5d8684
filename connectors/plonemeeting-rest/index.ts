import type { Connector } from '../../src/connector-api/connector.js';
import { checkFailed, Misconfigured } from '../../src/connector-api/failures.js';
import { restSettings, type RestSettings } from './config.js';
import { createItem } from './create-item.js';
import { restDeliberation } from './deliberation.js';
import { createFields } from './fields.js';
import { probeItem } from './find-item.js';
import { openSession } from './session.js';
import { SURVEYED, surveyItems } from './survey.js';
import { trackItem } from './track-item.js';

/** Puts items before the meetings of a PloneMeeting, over its REST interface, and stands before it. */
export const ploneMeetingRest: Connector<RestSettings> = {
  manifest: {
    id: 'plonemeeting-rest',
    title: { fr: 'PloneMeeting (REST)', en: 'PloneMeeting (REST)' },
    kinds: ['*'],
    operations: { 'create-item': { idempotence: 'natural-key', fields: createFields, anyField: true, answersLater: true } },
  },
  settings: restSettings,
  async check(settings, context) {
    try {
      await openSession(settings, context).server(true);
    } catch (error) {
      throw checkFailed(error, 'PloneMeeting could not be tried.');
    }
  },
  async submit(submission, settings, context) {
    if (submission.operation !== 'create-item') throw new Misconfigured(`The plonemeeting-rest connector does «create-item», not «${submission.operation}».`);
    return await createItem(submission, settings, context);
  },
  probe: probeItem,
  track: (receipt, _submission, settings, context) => trackItem(receipt, settings, context),
  survey: { atMost: SURVEYED, ask: surveyItems },
  deliberation: restDeliberation,
};

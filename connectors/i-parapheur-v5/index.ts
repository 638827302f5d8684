import type { Connector, ConnectorContext } from '../../src/connector-api/connector.js';
import { checkFailed, Misconfigured } from '../../src/connector-api/failures.js';
import { METADATA_PREFIX, signatureFields } from '../../src/signature-book/fields.js';
import { v5Settings, type V5Settings } from './config.js';
import { handOver, lookFor } from './hand-over.js';
import { openSession } from './session.js';
import { surveyFolders } from './survey.js';
import { takeBack } from './take-back.js';
import { trackFolder } from './track-folder.js';
import { allTypes, chooseOneType, chooseType } from './types.js';

/** What the SOAP service takes and this interface has no place for (contracts/iparapheur.md §3.3). */
const NO_PLACE: ReadonlySet<string> = new Set(['visibility', 'emitter', 'xpath', 'visual']);

const fields = Object.fromEntries(Object.entries(signatureFields).filter(([name]) => !NO_PLACE.has(name)));

/** So many are asked about together: the lists that are read are the same for one and for all. */
const SURVEYED = 2000;

/** Has folders signed in i-Parapheur 5, over its REST interface. */
export const iParapheurV5: Connector<V5Settings> = {
  manifest: {
    id: 'i-parapheur-v5',
    title: { fr: 'i-Parapheur 5 (REST)', en: 'i-Parapheur 5 (REST)' },
    kinds: ['*'],
    operations: { sign: { idempotence: 'client-key', fields, anyField: { prefix: METADATA_PREFIX }, answersLater: true } },
  },
  settings: v5Settings,
  check,
  async submit(submission, settings, context) {
    if (submission.operation !== 'sign') throw new Misconfigured(`The i-parapheur-v5 connector does «sign», not «${submission.operation}».`);
    return await handOver(submission, settings, context);
  },
  probe: lookFor,
  track: (receipt, _submission, settings, context) => trackFolder(receipt, settings, context),
  survey: { atMost: SURVEYED, ask: surveyFolders },
  cancel: (receipt, _submission, settings, context) => takeBack(receipt, settings, context),
  choices: (settings, context) => allTypes(openSession(settings, context)),
};

/** The account, the desk and the types of the settings. */
async function check(settings: V5Settings, context: ConnectorContext): Promise<void> {
  try {
    const session = openSession(settings, context);
    session.forget();
    const { type, subtype } = settings;
    await session.desk();
    if (type !== undefined) await (subtype === undefined ? chooseOneType(session, type) : chooseType(session, { type, subtype }));
  } catch (error) {
    throw checkFailed(error, 'i-Parapheur could not be tried.');
  }
}

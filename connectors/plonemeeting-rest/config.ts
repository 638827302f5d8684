import { z } from 'zod';
import { httpAddress, httpSettings } from '../../src/connector-api/http-settings.js';
import { ploneMeetingSettings } from '../../src/plonemeeting/settings.js';

export const restSettings = z.strictObject({
  url: httpAddress('an address such as https://ville-pm.imio.be, without user name, query and fragment').transform((text) => text.replace(/\/+$/, ''))
    .describe('Address of PloneMeeting, as people open it in a browser; it calls its own elements so.'),
  ...ploneMeetingSettings,
  ...httpSettings,
});

export type RestSettings = z.infer<typeof restSettings>;

import { z } from 'zod';
import { httpAddress, httpSettings } from '../../src/connector-api/http-settings.js';
import { nameThere, ploneMeetingSettings } from '../../src/plonemeeting/settings.js';

export const councilSoapSettings = z.strictObject({
  url: httpAddress('an address such as https://pm.ville.example/ws4pm.wsdl, without user name, query and fragment')
    .describe('Address of the WSDL of PloneMeeting, ending in /ws4pm.wsdl; calls go to the site itself.'),
  ...ploneMeetingSettings,
  dates: z.enum(['wall', 'utc']).default('wall')
    .describe('What the Z at the end of a time means: nothing, it is the time on the wall (wall, as PloneMeeting writes it), or true UTC (utc).'),
  ...httpSettings,
});

export type CouncilSoapSettings = z.infer<typeof councilSoapSettings>;

/** Where calls go: the site, not the WSDL (contracts/ws4pm.md §1.1). */
export function endpointOf({ url }: Pick<CouncilSoapSettings, 'url'>): string {
  return url.replace(/\/(?:@@)?ws4pm\.wsdl$/, '').replace(/\/+$/, '');
}

/** What PloneMeeting calls a user of Relais; undefined for nobody, so that `inTheNameOf` is left out. */
export function actingUser(settings: Pick<CouncilSoapSettings, 'users' | 'login'>, user: string | null): string | undefined {
  return nameThere(user, settings) ?? undefined;
}

import { Misconfigured } from '../../src/connector-api/failures.js';

/** An address that PloneMeeting gave (of a file, a document, an item), at the address that the settings name. The account is shown there and
 * nowhere else: throws Misconfigured for one of another host. Another scheme of the same host is a mistake of the proxy before it, and corrected. */
export function ownAddress(given: string, base: string): string {
  const own = new URL(base);
  if (!URL.canParse(given, `${base}/`)) throw new Misconfigured('PloneMeeting gave an address that is none.');
  const url = new URL(given, `${base}/`);
  const isHttp = url.protocol === 'http:' || url.protocol === 'https:';
  if (!isHttp || url.hostname !== own.hostname || (url.protocol === own.protocol && url.port !== own.port)) {
    throw new Misconfigured(`PloneMeeting calls itself ${isHttp ? url.origin : 'something else'}, and setting «url» says ${own.origin}: nothing is asked elsewhere. Give the address by which it calls itself.`);
  }
  const path = own.pathname.replace(/\/+$/, '');
  if (!url.pathname.startsWith(`${path}/`)) throw new Misconfigured(`PloneMeeting gave an address outside of setting «url» (${own.origin}${path}).`);
  return `${own.origin}${url.pathname}${url.search}`;
}

import { RelaisError } from '../errors.js';
import type { XmlTag } from '../xml/xml-tag.js';

export const XOP = 'http://www.w3.org/2004/08/xop/include';

/** The part that an xop:Include refers to; undefined without a reference that can be read. */
export function contentIdOf(tag: XmlTag): string | undefined {
  const href = tag.attributes.find(({ local, namespace }) => local === 'href' && namespace === '')?.value.trim();
  if (href?.startsWith('cid:') !== true) return undefined;
  try {
    return decodeURIComponent(href.slice('cid:'.length));
  } catch {
    return undefined; // a broken escape names no part
  }
}

/** `<id@host>` without its angle brackets. */
export function bareContentId(header: string | undefined): string | undefined {
  return header?.replace(/^\s*<|>\s*$/g, '');
}

/** MTOM parts are sent as they are (XOP §4.1); a part encoded for mail would be stored encoded. */
export function refuseEncodedPart(headers: ReadonlyMap<string, string>): void {
  const encoding = headers.get('content-transfer-encoding')?.toLowerCase() ?? 'binary';
  if (['binary', '8bit', '7bit'].includes(encoding)) return;
  throw new RelaisError('RELAIS_SOAP_MEDIA', `a part has the Content-Transfer-Encoding "${encoding.slice(0, 40)}"; expected binary`);
}

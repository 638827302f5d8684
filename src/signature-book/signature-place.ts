import { annexContent } from '../connector-api/annex-content.js';
import type { ConnectorContext } from '../connector-api/connector.js';
import type { XmlPlace } from './fields.js';
import { isXml } from '../domain/file-kind.js';
import type { SignatureFolder } from './folder.js';
import { xmlSignaturePlace } from './xml-signature-place.js';

/** Where the main document of a folder is to be signed: as the step maps it, else, in XML that waits for a signature, where its Ids are.
 * That must be known when it is sent, and again when its signature is checked. Throws Refused for a PES file that cannot be signed:
 * nobody over there could do it either. */
export async function signaturePlace({ main: { annex, filename }, xpath, expects }: Pick<SignatureFolder, 'main' | 'xpath' | 'expects'>, context: Pick<ConnectorContext, 'blobs' | 'signal'>): Promise<XmlPlace | null> {
  if (xpath !== null || expects === 'visa' || !isXml(annex)) return xpath;
  return xmlSignaturePlace(annexContent(annex, context), filename);
}

import type { ConnectorContext } from '../../src/connector-api/connector.js';

const LOOKED_AT = 64 * 1024;

/** Local name of the root of an XML file that was kept; empty where none is found at its beginning. */
export async function firstElement(sha256: string, { blobs }: Pick<ConnectorContext, 'blobs'>): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of blobs.read(sha256) as AsyncIterable<Buffer>) {
    chunks.push(chunk);
    size += chunk.length;
    if (size >= LOOKED_AT) break;
  }
  const text = Buffer.concat(chunks).subarray(0, LOOKED_AT).toString('latin1').replace(/<!--[^]*?-->|<\?[^]*?\?>/g, '');
  return /<(?:[\w.-]+:)?([A-Za-z_][\w.-]*)[\s/>]/.exec(text)?.[1] ?? '';
}

import type { ConnectorContext } from '../../src/connector-api/connector.js';
import { FormatError } from '../../src/formats/format-error.js';
import type { PesAcquit } from '../../src/formats/pes/pes-acquit.js';
import { readPesAcquit } from '../../src/formats/pes/read-acquit.js';
import type { Api } from './api.js';
import { fetchFile } from './download.js';
import { UnusableAnswer } from './unusable-answer.js';

export interface FetchedAcquit {
  readonly file: NonNullable<Awaited<ReturnType<typeof fetchFile>>>;
  readonly acquit: PesAcquit;
}

/** What the treasury answered to a flow; null where S2LOW does not give it. Throws UnusableAnswer for what is no acquit. */
export async function fetchAcquit(api: Api, transaction: string, context: ConnectorContext): Promise<FetchedAcquit | null> {
  const file = await fetchFile(api, { path: '/modules/helios/helios_download_acquit.php', query: { id: transaction }, kind: 'xml' }, context);
  return file === null ? null : { file, acquit: await readAcquit(context.blobs.read(file.sha256)) };
}

async function readAcquit(content: AsyncIterable<Uint8Array>): Promise<PesAcquit> {
  try {
    return await readPesAcquit(content);
  } catch (error) {
    if (error instanceof FormatError) throw new UnusableAnswer(`What S2LOW gives as acquit cannot be used. ${error.message}`, { cause: error });
    throw error;
  }
}

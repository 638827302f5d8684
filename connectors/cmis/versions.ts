import { isFailure, NotSent, Refused } from '../../src/connector-api/failures.js';
import type { ConnectorContext } from '../../src/connector-api/connector.js';
import type { Annex } from '../../src/domain/item.js';
import { objectList, textOf, type CmisObject } from './answers.js';
import { idOf, type CmisClient, type Property } from './client.js';
import type { CmisSettings } from './config.js';

/** A version as it is to be. */
export interface NewVersion {
  readonly major: boolean;
  /** Ends with the mark. */
  readonly comment: string;
  readonly properties: readonly Property[];
  readonly file: { readonly annex: Annex; readonly name: string } | null;
}

/** True where some version of the document has our mark in its comment. */
export async function hasVersion(client: CmisClient, objectId: string, mark: string): Promise<boolean> {
  const versions = await client.ask(objectId, 'versions', objectList);
  return versions.some((version) => textOf(version, 'cmis:checkinComment')?.includes(mark) === true);
}

/** Checks the document out, or takes up a working copy that an earlier attempt left, and checks it in. Resolves with the new version. */
export async function makeVersion(client: CmisClient, objectId: string, version: NewVersion, settings: CmisSettings, { logger }: Pick<ConnectorContext, 'logger'>): Promise<CmisObject> {
  const workingCopy = await checkOut(client, objectId, settings);
  const { major, comment, properties, file } = version;
  try {
    return await client.act({ action: 'checkIn', objectId: workingCopy, controls: { major: String(major), checkinComment: comment }, properties, file });
  } catch (error) {
    // What was refused for good must not keep people from the document.
    if (isFailure(error) && error.kind === 'refused') await giveBack(client, workingCopy, logger);
    throw error;
  }
}

async function checkOut(client: CmisClient, objectId: string, settings: CmisSettings): Promise<string> {
  const current = await client.object({ objectId }, true);
  if (current === null) throw new Refused('The document is gone from the repository.');
  if (current.succinctProperties['cmis:isVersionSeriesCheckedOut'] !== true) return idOf(await client.act({ action: 'checkOut', objectId: idOf(current) }));
  const [by, copy] = [textOf(current, 'cmis:versionSeriesCheckedOutBy'), textOf(current, 'cmis:versionSeriesCheckedOutId')];
  if (copy === null || by !== (settings.user ?? null)) throw new NotSent(`The document is checked out${by === null ? '' : ` by ${by}`}: it is tried again later.`);
  return copy;
}

async function giveBack(client: CmisClient, workingCopy: string, logger: ConnectorContext['logger']): Promise<void> {
  try {
    await client.giveBack(workingCopy);
  } catch (error) {
    logger.info('A working copy may be left in the repository', { reason: error instanceof Error ? error.message : String(error) });
  }
}

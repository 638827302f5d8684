import type { EntityManager } from 'typeorm';
import type { Flow } from '../domain/flow.js';
import { RelaisError } from '../errors.js';
import { RecentMap } from '../platform/recent-map.js';
import { FlowVersionEntity } from './entities.js';
import { rowInsert, rowSelect } from './row-access.js';
import type { TransactionDoor } from './transaction-door.js';

/** Every version of a flow that an item follows, so that an edit never touches items under way. */
export interface FlowVersions {
  /** Kept, on disk, when it resolves. Costs nothing once it is known. */
  keep(authority: string, definition: Flow, version: string): Promise<void>;
  /** Throws RELAIS_STORE_CORRUPT where there is none. */
  load(manager: EntityManager, name: FlowVersionName): Promise<Flow>;
}

export interface FlowVersionName {
  readonly authority: string;
  readonly flow: string;
  readonly flowVersion: string;
}

/** Some hundred bytes to some kilobytes each. */
const KEPT_IN_MEMORY = 1000;

const insertVersion = rowInsert(FlowVersionEntity, 'ON CONFLICT (authority, flow, version) DO NOTHING');
const selectVersion = rowSelect(FlowVersionEntity, 'WHERE authority = ? AND flow = ? AND version = ?');

/** Versions are never changed nor removed, so that what was read once stays true. */
export function createFlowVersions(door: TransactionDoor): FlowVersions {
  const kept = new RecentMap<Promise<void>>(KEPT_IN_MEMORY);
  const loaded = new RecentMap<Flow>(KEPT_IN_MEMORY);

  return {
    keep(authority, definition, version) {
      const key = JSON.stringify([authority, definition.id, version]);
      const known = kept.get(key);
      if (known !== undefined) return known;
      const keeping = door.write(async (manager) => { await insertVersion(manager, { authority, flow: definition.id, version, definition }); });
      kept.set(key, keeping);
      keeping.catch(() => { kept.delete(key); });
      return keeping;
    },
    async load(manager, { authority, flow, flowVersion }) {
      const key = JSON.stringify([authority, flow, flowVersion]);
      const known = loaded.get(key);
      if (known !== undefined) return known;
      const [row] = await selectVersion(manager, [authority, flow, flowVersion]);
      if (row === undefined) throw new RelaisError('RELAIS_STORE_CORRUPT', `its flow definition is missing from the store («${flow}» of authority «${authority}», version ${flowVersion})`);
      loaded.set(key, row.definition);
      return row.definition;
    },
  };
}

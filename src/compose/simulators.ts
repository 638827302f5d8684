import path from 'node:path';
import { rehearsals } from '../../connectors/rehearsals.js';
import type { AuthorityConfiguration, Configuration } from '../config/load-configuration.js';
import type { FindSimulation } from '../config/simulated-settings.js';
import type { OtherSide, Rehearsal } from '../connector-kit/rehearsal.js';
import type { Authority, ConnectorSetting } from '../domain/authority.js';
import { RelaisError } from '../errors.js';
import type { Logger } from '../platform/logger.js';

/** Other sides that run inside of this process, for demonstrations and rehearsals. */
export interface Simulators {
  /** Runs those that a configuration asks for, and no others; one that it asks for in the same way goes on. Throws
   * RELAIS_CONFIG_CONNECTOR for one that cannot run, and then nothing has changed. */
  follow(configuration: Pick<Configuration, 'authorities'>): Promise<void>;
  close(): Promise<void>;
}

interface Wanted extends Pick<ConnectorSetting, 'id' | 'type'> {
  readonly authority: string;
  readonly configured: AuthorityConfiguration;
  readonly port: number;
}

/** Simulators are loaded only when a configuration asks for them: they bring what nothing else needs. */
export const findSimulation: FindSimulation = async (type) => {
  const rehearsal = await simulatedRehearsal(type);
  return rehearsal?.settingsAt?.bind(rehearsal);
};

async function simulatedRehearsal(type: string): Promise<Rehearsal | undefined> {
  return (await rehearsals.get(type)?.())?.find((rehearsal) => rehearsal.settingsAt !== undefined);
}

export interface SimulatorParts {
  readonly dataFolder: string;
  readonly logger: Logger;
  /** People on the other side of a connector did something: what was sent there is worth a question. */
  readonly onNews: (authority: string, connector: string) => void;
  /** The town that a simulated system works for, with its meetings dated; without meetings if not given. */
  readonly townOf?: (configured: AuthorityConfiguration) => Promise<Authority>;
}

/** None runs yet. What they have is kept below `simulators/` of the data folder. */
export function createSimulators({ dataFolder, logger, onNews, townOf = ({ authority }) => Promise.resolve(authority) }: SimulatorParts): Simulators {
  let running: ReadonlyMap<string, OtherSide> = new Map();

  async function open({ authority, configured, id, type, port }: Wanted): Promise<OtherSide> {
    const rehearsal = await simulatedRehearsal(type);
    const log = logger.child({ authority, connector: id });
    if (rehearsal === undefined) throw new RelaisError('RELAIS_CONFIG_CONNECTOR', `authority ${authority}, connector ${id}: ${type} has no simulator that runs inside of Relais`);
    const folder = path.join(dataFolder, 'simulators', `${authority}-${id}`);
    const other = await rehearsal.open({
      port, folder, town: await townOf(configured),
      onNews: () => { onNews(authority, id); },
      say: (line) => { log.debug('The simulated other side says', { line }); },
    }).catch((error: unknown) => { throw unable({ authority, id, port }, error); });
    log.warn('The other side of a connector is simulated: nothing leaves this machine', { type, url: `http://127.0.0.1:${port}/` });
    return other;
  }

  return {
    async follow({ authorities }) {
      const wanted = authorities.flatMap((configured) => configured.authority.connectors.flatMap(({ id, type, simulated }) => (simulated === undefined ? [] : [{ authority: configured.authority.id, configured, id, type, port: simulated }])));
      const next = new Map<string, OtherSide>();
      try {
        for (const one of wanted) next.set(keyOf(one), running.get(keyOf(one)) ?? await open(one));
      } catch (error) {
        await closeAll(next, running);
        throw error;
      }
      const before = running;
      running = next;
      await closeAll(before, next);
    },
    async close() {
      const before = running;
      running = new Map();
      await closeAll(before, running);
    },
  };
}

function keyOf({ authority, id, type, port }: Omit<Wanted, 'configured'>): string {
  return JSON.stringify([authority, id, type, port]);
}

async function closeAll(sides: ReadonlyMap<string, OtherSide>, but: ReadonlyMap<string, OtherSide>): Promise<void> {
  for (const [key, side] of sides) if (!but.has(key)) await side.close();
}

function unable({ authority, id, port }: Pick<Wanted, 'authority' | 'id' | 'port'>, error: unknown): Error {
  const inUse = error instanceof Error && 'code' in error && error.code === 'EADDRINUSE';
  const why = inUse ? `port ${port} is in use; stop the other program, or choose another port for \`simulated\`` : 'it does not start';
  return new RelaisError('RELAIS_CONFIG_CONNECTOR', `authority ${authority}, connector ${id}: its simulated other side cannot run, ${why}`, { cause: error });
}

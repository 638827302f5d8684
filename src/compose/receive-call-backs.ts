import type { CallBack, Connector } from '../connector-api/connector.js';
import type { ArrivedCallBack, CallBackAddress, CallBackOutcome } from '../server/call-backs.js';
import type { Installation } from './installation.js';
import type { ServedAuthorities } from './served-authorities.js';

type Surroundings = Pick<Installation, 'connectors' | 'store' | 'metrics' | 'logger' | 'wakeEngine'>;

/** Takes call backs to the connectors that they are meant for. What they are about is asked for at once; they decide nothing
 * themselves. Never rejects. */
export function receiveCallBacks(around: Surroundings, served: Pick<ServedAuthorities, 'all'>) {
  return async ({ path, connector: id }: CallBackAddress, call: ArrivedCallBack): Promise<CallBackOutcome> => {
    const authority = served.all().find((one) => one.authority.path === path)?.authority;
    const configured = authority?.connectors.find((one) => one.id === id);
    const connector = around.connectors.get(configured?.type ?? '');
    if (authority === undefined || configured === undefined || connector?.receive === undefined) return 'unknown';
    const logger = around.logger.child({ authority: authority.id, connector: id });
    const outcome = await take({ ...around, logger }, { authority: authority.id, connector: id }, () => receive(connector, call, configured.settings));
    around.metrics.callBack({ authority: authority.id, connector: id, outcome });
    return outcome;
  };
}

type Received = ReturnType<NonNullable<Connector['receive']>>;

function receive(connector: Connector, call: CallBack, settings: unknown): Received {
  return connector.receive?.(call, settings) ?? 'not-understood';
}

async function take({ store, wakeEngine, logger }: Surroundings, about: { readonly authority: string; readonly connector: string }, look: () => Received): Promise<Exclude<CallBackOutcome, 'unknown'>> {
  try {
    const received = look();
    if (received === 'not-authentic' || received === 'not-understood') {
      logger.warn('A call back was refused', { why: received });
      return received;
    }
    const asked = await store.operations.askByReference(about.authority, about.connector, received.references);
    if (asked > 0) wakeEngine();
    logger.info('A call back was taken', { references: received.references.length, asked });
    return 'taken';
  } catch (error) {
    logger.error('A call back could not be taken; whoever sent it is asked to repeat it', { error });
    return 'not-now';
  }
}

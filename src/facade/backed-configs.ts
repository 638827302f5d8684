import type { Authority } from '../domain/authority.js';
import type { ConfigBackend, MeetingConfig } from '../domain/meeting-config.js';

/** A meeting config that is decided on elsewhere. */
export type BackedConfig = MeetingConfig & { readonly backend: ConfigBackend };

const known = new WeakMap<Authority, readonly BackedConfig[]>();

/** The meeting configs of the authority with a system behind them; looked up once. */
export function backedConfigs(authority: Authority): readonly BackedConfig[] {
  const found = known.get(authority) ?? authority.meetingConfigs.filter((config): config is BackedConfig => config.backend !== undefined);
  known.set(authority, found);
  return found;
}

/** Connectors that stand behind meeting configs, in the order of these. */
export function connectorsBehind(authority: Authority): string[] {
  return [...new Set(backedConfigs(authority).map(({ backend }) => backend.connector))];
}

/** The configs that a connector serves, by the connector; those that are switched off are left out. */
export function servedConfigs(authority: Authority, configId?: string): ReadonlyMap<string, readonly BackedConfig[]> {
  const served = new Map<string, BackedConfig[]>();
  for (const config of backedConfigs(authority)) {
    if (!config.active || (configId !== undefined && config.id !== configId)) continue;
    served.set(config.backend.connector, [...served.get(config.backend.connector) ?? [], config]);
  }
  return served;
}

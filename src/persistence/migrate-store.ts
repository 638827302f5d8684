import { openEngine, type EngineSettings } from './open-engine.js';

/** Brings the tables of a store up to date without starting anything, and resolves with the names of the migrations that were
 * run. Throws RELAIS_STORE_IN_USE where a gateway runs on SQLite. */
export async function storeMigrate(settings: EngineSettings): Promise<readonly string[]> {
  const ran: string[] = [];
  const noting = (_: string, fields?: { readonly migrations?: readonly string[] }): void => { ran.push(...fields?.migrations ?? []); };
  const engine = await openEngine({ ...settings, logger: { ...settings.logger, info: noting } }, 'own');
  await engine.close();
  return ran;
}

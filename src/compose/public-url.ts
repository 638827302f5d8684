import type { Configuration } from '../config/load-configuration.js';

/** How the server is reached from elsewhere, without a slash at the end: the configured address, or the one that it listens on. */
export function publicUrlOf({ server }: Pick<Configuration, 'server'>): string {
  return server.publicUrl ?? addressOf(server, server.port);
}

/** `http://127.0.0.1:8080` */
export function addressOf({ host, tls }: Pick<Configuration['server'], 'host' | 'tls'>, port: number): string {
  return `${tls === null ? 'http' : 'https'}://${host.includes(':') ? `[${host}]` : host}:${port}`;
}

/** Where the other side of a connector calls back, without the token. `path` is that of its authority. */
export function callBackUrlOf(configuration: Pick<Configuration, 'server'>, path: string, connector: string): string {
  return `${publicUrlOf(configuration)}${path}/callbacks/${connector}`;
}

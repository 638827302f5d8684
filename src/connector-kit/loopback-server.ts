import { once } from 'node:events';
import type { AddressInfo, Server, Socket } from 'node:net';

/** A server of a simulator: it can be away and come back at the same port. */
export interface LoopbackServer {
  readonly port: number;
  /** Connections that are open. */
  connections(): number;
  /** Breaks the connection that the other end opened from this port. */
  breakConnection(remotePort: number): void;
  /** Stops listening and breaks all connections; `listen` takes that back. */
  stop(): Promise<void>;
  listen(): Promise<void>;
}

export const LOOPBACK = '127.0.0.1';

/** Lets a TCP or HTTP server listen on loopback, at a free port if none is given. */
export async function listenOnLoopback(server: Server, wanted = 0): Promise<LoopbackServer> {
  const sockets = new Map<number, Socket>();
  server.on('connection', (socket: Socket) => {
    const { remotePort = 0 } = socket;
    sockets.set(remotePort, socket);
    socket.once('close', () => sockets.delete(remotePort));
  });
  let port = wanted;

  async function listen(): Promise<void> {
    if (server.listening) return;
    server.listen(port, LOOPBACK);
    await once(server, 'listening');
    port = (server.address() as AddressInfo).port;
  }

  async function stop(): Promise<void> {
    if (!server.listening) return;
    const closed = once(server, 'close');
    server.close();
    for (const socket of sockets.values()) socket.destroy();
    await closed;
  }

  await listen();
  return { port, connections: () => sockets.size, breakConnection: (remotePort) => sockets.get(remotePort)?.destroy(), stop, listen };
}

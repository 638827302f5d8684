import { createServer, type Server, type Socket } from 'node:net';

/** A TLS connection begins with a handshake record (RFC 8446 §5.1). */
const HANDSHAKE = 0x16;

/** A server that hands each connection to one of two others, by its first byte: so a browser without a certificate and a program that shows
 * one come to the same port. */
export function bothAtOnePort(plain: Server, secure: Server): Server {
  return createServer((socket: Socket) => {
    socket.once('error', () => socket.destroy());
    socket.once('data', (first: Buffer) => {
      socket.pause();
      socket.unshift(first);
      (first[0] === HANDSHAKE ? secure : plain).emit('connection', socket);
      process.nextTick(() => socket.resume());
    });
  });
}

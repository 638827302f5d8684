import { expect } from 'chai';
import type { IncomingMessage } from 'node:http';
import { createTrustedProxies, isLoopback, remoteAddressOf } from '../../../src/server/remote-address.js';

function request(remoteAddress: string, forwarded?: string): IncomingMessage {
  return { socket: { remoteAddress }, headers: forwarded === undefined ? {} : { 'x-forwarded-for': forwarded } } as unknown as IncomingMessage;
}

describe('the address of a caller', () => {
  const isTrusted = createTrustedProxies(['10.0.0.0/8', '::1']);

  for (const [name, socket, forwarded, expected] of [
    ['is the socket’s without a proxy', '192.0.2.7', undefined, '192.0.2.7'],
    ['is plain IPv4 on a dual-stack socket', '::ffff:192.0.2.7', undefined, '192.0.2.7'],
    ['is not what an untrusted peer claims', '192.0.2.7', '127.0.0.1', '192.0.2.7'],
    ['is what a trusted proxy reports', '10.1.2.3', '192.0.2.7', '192.0.2.7'],
    ['is the last hop that no trusted proxy wrote', '10.1.2.3', '1.1.1.1, 192.0.2.7, 10.9.9.9', '192.0.2.7'],
    ['is the proxy’s where nothing usable is reported', '::1', 'unknown', '::1'],
  ] as const) {
    it(name, () => { expect(remoteAddressOf(request(socket, forwarded), isTrusted)).to.equal(expected); });
  }

  it('loopback in all its forms', () => {
    expect(['127.0.0.1', '127.9.9.9', '::1', '::ffff:127.0.0.1'].every(isLoopback)).to.equal(true);
    expect(['192.0.2.7', '::2', '', undefined].some(isLoopback)).to.equal(false);
  });
});

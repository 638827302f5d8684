import type { IncomingMessage } from 'node:http';
import { BlockList, isIP } from 'node:net';

/** True for 127.0.0.0/8, ::1 and their mapped forms. */
export function isLoopback(address: string | undefined): boolean {
  const plain = plainAddress(address);
  return plain === '::1' || plain.startsWith('127.');
}

function plainAddress(address: string | undefined): string {
  return (address ?? '').replace(/^::ffff:/i, '');
}

/** Addresses and CIDR ranges whose forwarded headers are believed. */
export function createTrustedProxies(entries: readonly string[]): (address: string | undefined) => boolean {
  if (entries.length === 0) return () => false;
  const list = new BlockList();
  for (const entry of entries) {
    const [address = '', bits] = entry.split('/');
    const family = isIP(address) === 6 ? 'ipv6' : 'ipv4';
    if (bits === undefined) list.addAddress(address, family);
    else list.addSubnet(address, Number(bits), family);
  }
  return (address) => {
    const plain = plainAddress(address);
    const version = isIP(plain);
    return version !== 0 && list.check(plain, version === 6 ? 'ipv6' : 'ipv4');
  };
}

/** The caller's address: the socket's, or the last hop that a trusted proxy reports in X-Forwarded-For. */
export function remoteAddressOf(request: IncomingMessage, isTrusted: (address: string | undefined) => boolean): string {
  let address = plainAddress(request.socket.remoteAddress);
  const forwarded = request.headers['x-forwarded-for'];
  const hops = (typeof forwarded === 'string' ? forwarded : '').split(',').map((hop) => hop.trim()).filter((hop) => isIP(hop) !== 0);
  while (isTrusted(address)) {
    const hop = hops.pop();
    if (hop === undefined) break;
    address = plainAddress(hop);
  }
  return address;
}

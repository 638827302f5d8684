import { lookup as systemLookup, type LookupAddress, type LookupOptions } from 'node:dns';
import { BlockList, isIP, type LookupFunction } from 'node:net';
import { networkInterfaces } from 'node:os';

/** Networks that are not the public Internet (IANA special-purpose registries of IPv4 and IPv6 addresses). */
const NOT_PUBLIC_IPV4 = [
  '0.0.0.0/8', '10.0.0.0/8', '100.64.0.0/10', '127.0.0.0/8', '169.254.0.0/16', '172.16.0.0/12', '192.0.0.0/24', '192.0.2.0/24',
  '192.88.99.0/24', '192.168.0.0/16', '198.18.0.0/15', '198.51.100.0/24', '203.0.113.0/24', '224.0.0.0/4', '240.0.0.0/4',
];

/** All that is public in IPv6 today; it leaves out loopback, unique local, link-local, multicast and IPv4 in disguise. */
const GLOBAL_IPV6 = '2000::/3';

/** Parts of it that are not: Teredo and the other protocol assignments, documentation, 6to4. */
const NOT_PUBLIC_IPV6 = ['2001::/23', '2001:db8::/32', '2002::/16', '3fff::/20'];

const notPublic = blockList(NOT_PUBLIC_IPV4, 'ipv4');
const globalIpv6 = blockList([GLOBAL_IPV6], 'ipv6');
const notPublicIpv6 = blockList(NOT_PUBLIC_IPV6, 'ipv6');

/** The name or address leads to this machine or into a private network. */
export class NotPublic extends Error {
  constructor(readonly host: string) {
    super(`«${host}» is this machine or in a private network`);
  }
}

/** False for this machine, private and shared networks, link-local, multicast, reserved addresses, and whatever is no address. */
export function isPublicAddress(address: string): boolean {
  const family = isIP(address);
  if (family === 0 || ownAddresses().includes(address)) return false;
  if (family === 4) return !notPublic.check(address, 'ipv4');
  return globalIpv6.check(address, 'ipv6') && !notPublicIpv6.check(address, 'ipv6');
}

/** Resolves names to public addresses only, so that the address that was checked is the one that is connected to. Fails with
 * NotPublic for a name that has none. */
export function publicLookup(lookup: LookupFunction = systemLookup): LookupFunction {
  return (host, options, callback) => {
    lookup(host, { ...options, all: true }, (error, found) => {
      if (error !== null) { callback(error, ''); return; }
      const usable = allOf(found, options).filter(({ address }) => isPublicAddress(address));
      const [first] = usable;
      if (first === undefined) callback(new NotPublic(host), '');
      else if (options.all === true) callback(null, usable);
      else callback(null, first.address, first.family);
    });
  };
}

function allOf(found: string | LookupAddress[], options: LookupOptions): LookupAddress[] {
  return typeof found === 'string' ? [{ address: found, family: options.family === 6 ? 6 : 4 }] : found;
}

function ownAddresses(): string[] {
  return Object.values(networkInterfaces()).flatMap((addresses) => addresses ?? []).map(({ address }) => address);
}

function blockList(networks: readonly string[], family: 'ipv4' | 'ipv6'): BlockList {
  const list = new BlockList();
  for (const network of networks) {
    const [address = '', prefix] = network.split('/');
    list.addSubnet(address, Number(prefix), family);
  }
  return list;
}

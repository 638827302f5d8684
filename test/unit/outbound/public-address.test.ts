import { expect } from 'chai';
import type { LookupAddress } from 'node:dns';
import type { LookupFunction } from 'node:net';
import { networkInterfaces } from 'node:os';
import { isPublicAddress, NotPublic, publicLookup } from '../../../src/outbound/public-address.js';

const REFUSED = [
  '0.0.0.0', '0.1.2.3', '10.1.2.3', '100.64.0.1', '100.127.255.255', '127.0.0.1', '127.255.0.1', '169.254.169.254', '172.16.0.1', '172.31.255.255',
  '192.0.0.8', '192.168.1.1', '198.18.0.1', '224.0.0.1', '239.255.255.255', '240.0.0.1', '255.255.255.255',
  '::', '::1', '::ffff:127.0.0.1', '::ffff:8.8.8.8', '::127.0.0.1', '64:ff9b::7f00:1', 'fc00::1', 'fd12::1', 'fe80::1', 'febf::1', 'ff02::1',
  '2001::1', '2001:db8::1', '2002:7f00:1::', 'not-an-address', '',
];
const ACCEPTED = ['8.8.8.8', '100.63.255.255', '100.128.0.1', '172.15.0.1', '172.32.0.1', '193.190.0.1', '2001:4860:4860::8888', '2a02:2788::1'];

describe('public addresses', () => {
  for (const address of REFUSED) it(`«${address}» is not one`, () => expect(isPublicAddress(address)).to.equal(false));
  for (const address of ACCEPTED) it(`«${address}» is one`, () => expect(isPublicAddress(address)).to.equal(true));

  it('no address of this machine is one', () => {
    const own = Object.values(networkInterfaces()).flatMap((addresses) => addresses ?? []).map(({ address }) => address);
    expect(own).to.not.deep.equal([]);
    expect(own.filter(isPublicAddress)).to.deep.equal([]);
  });
});

describe('the lookup of public addresses', () => {
  const resolvesTo = (...addresses: string[]): LookupFunction => (_host, _options, callback) => {
    callback(null, addresses.map((address): LookupAddress => ({ address, family: address.includes(':') ? 6 : 4 })));
  };

  function ask(lookup: LookupFunction, all: boolean): Promise<unknown> {
    return new Promise((resolve) => {
      lookup('partner.example', { all }, (error, found) => resolve(error ?? found));
    });
  }

  it('leaves out what is private, in either form of the answer', async () => {
    const lookup = publicLookup(resolvesTo('10.0.0.1', '8.8.8.8', 'fd00::1'));
    expect(await ask(lookup, true)).to.deep.equal([{ address: '8.8.8.8', family: 4 }]);
    expect(await ask(lookup, false)).to.equal('8.8.8.8');
  });

  it('fails when nothing is left', async () => {
    expect(await ask(publicLookup(resolvesTo('127.0.0.1', '::1')), true)).to.be.instanceOf(NotPublic);
  });

  it('passes on that a name is unknown', async () => {
    const unknown = Object.assign(new Error('no such name'), { code: 'ENOTFOUND' });
    expect(await ask(publicLookup((_host, _options, callback) => callback(unknown, '')), true)).to.equal(unknown);
  });
});

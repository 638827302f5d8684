import { expect } from 'chai';
import { z } from 'zod';
import { httpSettings, reachOf } from '../../../src/connector-api/http-settings.js';

const schema = z.strictObject(httpSettings);

describe('settings of HTTP', () => {
  it('are guarded and bounded when nothing is said', () => {
    expect(reachOf(schema.parse({}))).to.deep.equal({ allowPrivate: false, timeoutMs: 30_000 });
  });

  it('give files the time that a slow line takes', () => {
    expect(reachOf(schema.parse({ timeoutMs: 1000 }), 64 * 1024 * 10).timeoutMs).to.equal(11_000);
  });

  it('hand certificates over as they are given', () => {
    const tls = { ca: '-----BEGIN CERTIFICATE-----\nca', cert: '-----BEGIN CERTIFICATE-----\ncert', key: 'key', passphrase: 'word' };
    expect(reachOf(schema.parse({ tls })).tls).to.deep.equal(tls);
    expect(reachOf(schema.parse({ tls: { ca: tls.ca } })).tls).to.deep.equal({ ca: tls.ca });
  });

  it('want PEM texts, and a key with its certificate', () => {
    expect(schema.safeParse({ tls: { ca: '/etc/ssl/ca.pem' } }).success).to.equal(false);
    expect(schema.safeParse({ tls: { key: 'key' } }).success).to.equal(false);
  });
});

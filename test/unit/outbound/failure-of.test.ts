import { expect } from 'chai';
import { failureOf } from '../../../src/outbound/failure-of.js';

const withCode = (code: string, message = '') => Object.assign(new Error(message), { code });

describe('what ended an exchange', () => {
  const TRUST = [
    'DEPTH_ZERO_SELF_SIGNED_CERT', 'SELF_SIGNED_CERT_IN_CHAIN', 'UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY', 'CERT_HAS_EXPIRED',
    'CERT_NOT_YET_VALID', 'CERT_REVOKED', 'ERR_TLS_CERT_ALTNAME_INVALID', 'HOSTNAME_MISMATCH', 'ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED',
    'ERR_SSL_SSLV3_ALERT_BAD_CERTIFICATE', 'ERR_SSL_TLSV1_ALERT_UNKNOWN_CA', 'ERR_SSL_TLSV1_ALERT_ACCESS_DENIED',
  ];
  for (const code of TRUST) it(`${code}: misconfigured, whenever it comes`, () => expect(failureOf(withCode(code), 'https://x', true).kind).to.equal('misconfigured'));

  it('a certificate refused while the request is written: misconfigured', () => {
    expect(failureOf(withCode('EPROTO', 'write EPROTO 80:error:0A000412:SSL routines:ssl3_read_bytes:sslv3 alert bad certificate:../x.c:1'), 'https://x', true).kind).to.equal('misconfigured');
    expect(failureOf(withCode('EPROTO', 'write EPROTO 80:error:0A00010B:SSL routines::wrong version number'), 'https://x', false).kind).to.equal('not-sent');
  });

  for (const code of ['ECONNRESET', 'EPIPE', 'HPE_INVALID_CONSTANT', 'whatever']) {
    it(`${code}: not sent before the request left, unknown after`, () => {
      expect(failureOf(withCode(code), 'https://x', false).kind).to.equal('not-sent');
      expect(failureOf(withCode(code), 'https://x', true).kind).to.equal('outcome-unknown');
    });
  }

  it('what is thrown without a code is put into words, not shown', () => {
    expect(failureOf(new Error('s3cret'), 'https://x', true).message).to.equal('https://x was given the request and did not answer: the exchange failed.');
  });
});

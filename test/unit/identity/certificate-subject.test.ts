import { expect } from 'chai';
import { normaliseSubject } from '../../../src/identity/certificate-subject.js';

describe('normaliseSubject', () => {
  const same: [string, string][] = [
    ['CN=ged', 'CN=ged'],
    [' cn = ged , o= Ville ', 'CN=ged,O=Ville'],
    ['CN=ged+OU=IT,C=BE', 'CN=ged+OU=IT,C=BE'],
    ['CN=Ville\\, Cité,C=BE', 'CN=Ville\\, Cité,C=BE'],
    ['1.2.840.113549.1.9.1=a@b.be', '1.2.840.113549.1.9.1=a@b.be'],
    ['CN=a=b', 'CN=a=b'],
    ['CN=\\é', 'CN=é'],
  ];
  for (const [given, expected] of same) it(given, () => expect(normaliseSubject(given)).to.equal(expected));
  for (const given of ['', 'ged', 'CN=', 'CN=a,', ',CN=a', 'CN=a,,O=b', '=a', '\\']) {
    it(`refuses ${JSON.stringify(given)}`, () => expect(normaliseSubject(given)).to.equal(null));
  }
});

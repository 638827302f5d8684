import { expect } from 'chai';
import { certificateEnds, watchCertificates } from '../../../src/compose/watch-certificates.js';
import type { ConnectorSetting } from '../../../src/domain/authority.js';
import { readCertificate } from '../../../src/platform/read-certificate.js';
import { makeTestSigner } from '../../../src/signature-desk/test-certificate.js';
import { recordingLogger } from '../../support/recording-logger.js';

const DAY = 86_400_000;

function connector(id: string, settings: unknown, simulated?: number): ConnectorSetting {
  return { id, type: 's2low', settings, limits: { concurrency: 1, perMinute: null, order: 'none' }, ...(simulated === undefined ? {} : { simulated }) };
}

async function certificate(daysLeft: number): Promise<string> {
  const now = Date.now();
  return (await makeTestSigner({ name: 'Ville', notBefore: now - 400 * DAY, notAfter: now + daysLeft * DAY })).certificatePem;
}

function served(...connectors: ConnectorSetting[]): Parameters<typeof watchCertificates>[1] {
  return { all: () => [{ authority: { id: 'ville', connectors } }] } as unknown as Parameters<typeof watchCertificates>[1];
}

describe('certificates that connectors show', () => {
  it('those that end within sixty days are in the log at the start, those that have ended as an error', async () => {
    const logger = recordingLogger();
    const stop = watchCertificates({ logger }, served(
      connector('soon', { tls: { cert: await certificate(59) } }), connector('late', { tls: { cert: await certificate(61) } }),
      connector('over', { tls: { cert: await certificate(-1) } }), connector('plain', { url: 'https://example.org' }), connector('none', null),
    ));
    await stop();
    expect(logger.lines.map(({ level, fields }) => [level, fields['connector']])).to.deep.equal([['warn', 'soon'], ['error', 'over']]);
  });

  it('one of a simulated other side is nobody\'s concern', async () => {
    const cert = await certificate(5);
    expect(certificateEnds(served(connector('real', { tls: { cert } }), connector('simulated', { tls: { cert } }, 8091))).map((one) => one.connector)).to.deep.equal(['real']);
  });

  it('the first of a chain counts, and what is no certificate is none', async () => {
    const [own, authority] = [await certificate(10), await certificate(900)];
    expect(readCertificate(`${own}\n${authority}`)?.notAfter).to.equal(readCertificate(own)?.notAfter);
    expect(readCertificate(own)?.name).to.equal('Ville');
    expect(readCertificate('-----BEGIN CERTIFICATE-----\nnonsense\n-----END CERTIFICATE-----')).to.equal(null);
  });
});

import { expect } from 'chai';
import type { EndingCertificate } from '../../../src/incidents/situation.js';
import type { Told } from '../../../src/incidents/tell-incidents.js';
import { createIncidentWatch, type IncidentWatch } from '../../../src/incidents/watch-incidents.js';
import type { Mail } from '../../../src/platform/mail.js';
import { eachEngine } from '../../support/each-engine.js';
import { fakeTime } from '../../support/fake-time.js';
import { recordingLogger } from '../../support/recording-logger.js';
import { acceptDeliveries, claimBy, newDelivery, type TempStore } from '../../support/temp-store.js';

const HOUR = 3_600_000;
const TOWN: Told = { id: 'ville', title: 'Ville', mailTo: ['greffe@ville.example'], digest: 'none', language: 'en', timeZone: 'Europe/Brussels' };

eachEngine('createIncidentWatch', (open) => {
  let store: TempStore;
  let mails: Mail[];
  let isDown: boolean;
  let count: number;
  let certificates: EndingCertificate[];

  beforeEach(async () => { store = await open(); mails = []; isDown = false; count = 0; certificates = []; });
  afterEach(() => store.close());

  function watch(change: Partial<Told> = {}, outcomes: string[] = []): IncidentWatch {
    return createIncidentWatch({
      store: store.incidents, operations: store.operations, authorities: () => [{ ...TOWN, ...change }], clock: { now: () => store.time.at }, timer: fakeTime(), logger: recordingLogger(), certificates: () => certificates,
      send: (mail) => { if (isDown) return Promise.reject(new Error('refused')); mails.push(mail); return Promise.resolve(); },
      onMail: (_authority, outcome) => { outcomes.push(outcome); },
    });
  }

  async function end(outcome: 'parked' | 'misconfigured'): Promise<void> {
    count += 1;
    await acceptDeliveries(store, { uid: `item-${count}`, id: `item-${count}`, authority: 'ville', externalIdentifier: '' }, [newDelivery(`delivery-${count}`)]);
    const [claimed] = await store.deliveries.claim(claimBy('one'));
    if (outcome === 'parked') await store.deliveries.finish(claimed!.delivery, { state: 'parked', reason: 'No such user: jdupont', fix: 'Add a row', countsAsAttempt: true, cleared: false }, { verdict: 'works' });
    else await store.deliveries.finish(claimed!.delivery, { state: 'ready', dueAt: store.time.at, reason: 'wrong password', countsAsAttempt: false, cleared: false }, { verdict: 'misconfigured', reason: 'wrong password' });
  }

  const subjects = (): string[] => mails.map(({ subject }) => subject);

  it('tells once that a connector was stopped and once that it works, whatever restarts in between', async () => {
    await end('misconfigured');
    await watch().look();
    await watch().look();
    store.time.at += 5 * HOUR;
    await watch().look();
    expect(subjects()).to.deep.equal(['[Relais ville] connector folder is stopped']);
    expect(mails[0]!.text).to.include('wrong password').and.include('relais connectors release folder --authority ville');
    const [canary] = await store.deliveries.claim(claimBy('one'));
    await store.deliveries.finish(canary!.delivery, { state: 'done', remoteReference: 'r', broughtBack: { fields: {}, annexes: [], reviewState: null } }, { verdict: 'works' });
    await watch().look();
    await watch().look();
    expect(subjects().slice(1)).to.deep.equal(['[Relais ville] connector folder works again']);
    expect(await store.incidents.counts()).to.deep.equal([]);
  });

  it('tells at once what was parked, then what was parked since at most once an hour, then that it is over', async () => {
    await end('parked');
    await watch().look();
    await end('parked');
    await watch().look();
    expect(subjects()).to.deep.equal(['[Relais ville] 1 deliveries need someone']);
    expect(mails[0]!.text).to.include('No such user: jdupont').and.include('Add a row').and.include('item-1');
    store.time.at += 10;
    await end('parked');
    store.time.at += HOUR;
    await watch().look();
    expect(subjects().slice(1)).to.deep.equal(['[Relais ville] 3 deliveries need someone']);
    store.time.at += 3 * HOUR;
    await watch().look();
    expect(mails).to.have.length(2);
    await store.operations.cancel('ville', { state: ['parked'] }, 'clerk', 'not needed');
    await watch().look();
    expect(subjects().slice(2)).to.deep.equal(['[Relais ville] no delivery needs anyone any more']);
  });

  it('is told by one of several processes', async () => {
    await end('parked');
    await Promise.all([watch().look(), watch().look(), watch().look()]);
    expect(mails).to.have.length(1);
  });

  it('tries again, less and less often, while the mail server is down', async () => {
    await end('parked');
    isDown = true;
    const outcomes: string[] = [];
    const one = watch({}, outcomes);
    for (let minute = 0; minute < 10; minute += 1) { await one.look(); store.time.at += 60_000; }
    expect(outcomes).to.deep.equal(['failed', 'failed', 'failed', 'failed']);
    isDown = false;
    store.time.at += HOUR;
    await one.look();
    expect(outcomes.at(-1)).to.equal('sent');
    expect(mails).to.have.length(1);
  });

  it('sends a digest when its hour has come, and nothing when all is well', async () => {
    const hourly = watch({ digest: 'hourly', language: 'fr' });
    await hourly.look();
    await end('parked');
    await end('misconfigured');
    await hourly.look();
    expect(mails).to.have.length(0);
    store.time.at += HOUR;
    await hourly.look();
    await hourly.look();
    expect(subjects()).to.deep.equal(['[Relais ville] ce qui attend']);
    expect(mails[0]!.text).to.include('1 transmission').and.include('le connecteur folder est arrêté').and.include('wrong password');
  });

  it('tells sixty days before its end that a certificate has to be renewed, again as the end comes near, and that it was', async () => {
    const DAY = 24 * HOUR;
    certificates = [{ connector: 's2low', notAfter: store.time.at + 61 * DAY }];
    await watch().look();
    expect(mails).to.have.length(0);
    store.time.at += DAY;
    await watch().look();
    await watch().look();
    expect(subjects()).to.deep.equal([`[Relais ville] the certificate that connector s2low shows ends on ${new Date(certificates[0]!.notAfter).toISOString().slice(0, 10)}`]);
    expect(mails[0]!.text).to.include('tls.cert').and.include('relais connectors check s2low --authority ville');
    for (let day = 0; day < 60; day += 1) { store.time.at += DAY; await watch({ language: 'fr' }).look(); }
    expect(mails).to.have.length(6);
    expect(mails.at(-1)!.subject).to.include('a expiré le');
    certificates = [{ connector: 's2low', notAfter: store.time.at + 700 * DAY }];
    await watch().look();
    expect(subjects().at(-1)).to.equal('[Relais ville] the certificate of connector s2low is renewed');
    expect(await store.incidents.counts()).to.deep.equal([]);
  });

  it('puts certificates that end into the digest', async () => {
    certificates = [{ connector: 's2low', notAfter: store.time.at + 24 * HOUR }];
    const daily = watch({ digest: 'hourly' });
    await daily.look();
    store.time.at += HOUR;
    await daily.look();
    expect(mails[0]!.text).to.include('the certificate that connector s2low shows ends on');
  });

  it('notes incidents without telling anyone where nobody is to be told', async () => {
    await end('parked');
    await watch({ mailTo: [] }).look();
    expect(await store.incidents.counts()).to.deep.equal([{ authority: 'ville', kind: 'parked', count: 1 }]);
    expect(mails).to.have.length(0);
  });
});

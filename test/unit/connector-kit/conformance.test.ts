import { expect } from 'chai';
import { randomUUID } from 'node:crypto';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { z } from 'zod';
import type { Connector, ConnectorContext, Submission } from '../../../src/connector-api/connector.js';
import { isFailure, NotSent, Refused } from '../../../src/connector-api/failures.js';
import { planConformance } from '../../../src/connector-kit/conformance.js';
import type { Rehearsal } from '../../../src/connector-kit/rehearsal.js';
import { acmeSettings } from '../../../src/connector-kit/template/config.js';
import { acmeConnector } from '../../../src/connector-kit/template/index.js';
import { rehearsals } from '../../../src/connector-kit/template/rehearsal.js';
import { createOutboundHttp } from '../../../src/outbound/create-outbound-http.js';
import { sessionDesk, signingDesk, signingDeskRehearsals } from './signing-desk.js';

type Submit = Connector<z.infer<typeof acmeSettings>>['submit'];

/** The example, otherwise. */
function altered(change: object): Connector {
  return { ...acmeConnector, ...change };
}

describe('the conformance suite', () => {
  const outbound = createOutboundHttp();
  after(() => outbound.close());

  /** Runs the cases whose name begins so: null for one that is kept, what is wrong otherwise. */
  async function verdicts(connector: Connector, own: readonly Rehearsal[], beginning: string): Promise<(string | null)[]> {
    const cases = planConformance(connector, own).flatMap((planned) => planned.cases).filter(({ name, skip }) => skip === null && name.startsWith(beginning));
    expect(cases, `no case begins with «${beginning}»`).to.not.deep.equal([]);
    const found: (string | null)[] = [];
    for (const { run } of cases) found.push(await run({ http: (signal) => outbound.callFor(signal) }).then(() => null, (error: unknown) => String(error)));
    return found;
  }

  /** The example, with another submit around its own. */
  function submitting(around: (submit: Submit, ...given: Parameters<Submit>) => ReturnType<Submit>): Connector {
    const submit: Submit = (...given) => acmeConnector.submit(...given);
    return altered({ submit: (...given: Parameters<Submit>) => around(submit, ...given) });
  }
  const changing = (change: (submission: Submission) => Partial<Submission>) => submitting((submit, submission, settings, context) => submit({ ...submission, ...change(submission) }, settings, context));
  const within = (change: (context: ConnectorContext) => Partial<ConnectorContext>) => submitting((submit, submission, settings, context) => submit(submission, settings, { ...context, ...change(context) }));

  it('is content with the example', async () => {
    expect((await verdicts(acmeConnector, rehearsals, '')).filter((verdict) => verdict !== null)).to.deep.equal([]);
  });

  it('is content with answers that come later', async () => {
    expect((await verdicts(signingDesk, signingDeskRehearsals, '')).filter((verdict) => verdict !== null)).to.deep.equal([]);
  });

  it('is content with sessions, surveys, calls back, and documents that come before the end', async () => {
    expect((await verdicts(sessionDesk, signingDeskRehearsals, '')).filter((verdict) => verdict !== null)).to.deep.equal([]);
  });

  const mistakes: [what: string, connector: Connector, caughtBy: string][] = [
    ['asks for no mark', within(() => ({ markSent: () => Promise.resolve() })), 'delivers the item and its files'],
    ['hands over without the mark', within((context) => ({ markSent: () => context.markSent().catch(() => undefined) })), 'delivers nothing when the mark is refused'],
    ['forgets the files', changing(({ item }) => ({ item: { ...item, annexes: [] } })), 'delivers the item and its files'],
    ['forgets the fields', changing(() => ({ fields: {} })), 'mapped fields arrive'],
    ['spoils accents', changing(({ item }) => ({ item: { ...item, title: Buffer.from(item.title).toString('latin1') } })), 'accents'],
    ['gives the remote another key each time', changing(() => ({ key: randomUUID() })), 'the same key twice'],
    ['gives all items one key', changing(() => ({ key: 'key' })), 'items at the same time'],
    ['reads files whole', within(({ blobs }) => ({ blobs: { ...blobs, read: (sha256) => Readable.from(wholeOf(blobs.read(sha256))) } })), 'a large file'],
    ['takes a lost answer for not sent', submitting((submit, ...given) => submit(...given).catch((error: unknown) => { throw new NotSent(String(error)); })), 'the answer is lost'],
    ['takes everything for refused', submitting((submit, ...given) => submit(...given).catch((error: unknown) => { throw new Refused(String(error)); })), 'the other side is down'],
    ['does not pass on how long to wait', submitting((submit, ...given) => submit(...given).catch((error: unknown) => { throw isFailure(error) && error.kind === 'not-sent' ? new NotSent(error.message) : error; })), 'throttled: says'],
    ['tells its token', submitting((submit, submission, settings, context) => submit(submission, settings, context).catch((error: unknown) => { throw new NotSent(`${String(error)} with ${settings.token}`); })), 'secrets are absent'],
    ['logs its token in base64', submitting((submit, submission, settings, context) => {
      context.logger.debug('calling', { authorization: `Basic ${Buffer.from(`relais:${settings.token}`).toString('base64')}` });
      return submit(submission, settings, context);
    }), 'secrets are absent'],
    ['proves absence of what is there', altered({ probe: () => Promise.resolve('absent') }), 'a restart between the call'],
    ['proves absence without having asked', altered({ probe: () => Promise.resolve('absent') }), 'the other side is down'],
    ['accepts any settings', altered({ check: () => Promise.resolve() }), 'check: settings that do not work'],
    ['lets a misspelt setting pass', altered({ settings: z.object(acmeSettings.shape) }), 'settings: a misspelt one'],
    ['does not declare its secret', altered({ settings: acmeSettings.extend({ token: z.string() }) }), 'settings: the secret ones'],
  ];
  for (const [what, connector, caughtBy] of mistakes) {
    it(`catches a connector that ${what}`, async () => {
      expect(await verdicts(connector, rehearsals, caughtBy)).to.not.include(null);
    });
  }

  const lateMistakes: [what: string, connector: unknown, caughtBy: string][] = [
    ['makes up an answer', { ...signingDesk, track: () => Promise.resolve({ state: 'done' }) }, 'an answer is awaited'],
    ['makes up an answer while nobody is there', { ...signingDesk, track: () => Promise.resolve({ state: 'done' }) }, 'an other side that is down'],
    ['says what an item has become, and decides on none', { ...signingDesk, track: (...asked) => signingDesk.track(...asked).then((told) => (told.state === 'done' ? { ...told, results: { ...told.results, item: { reviewState: 'accepted' } } } : told)) } satisfies Partial<typeof signingDesk>, 'what the item has become'],
    ['brings no document back', { ...signingDesk, track: () => Promise.resolve({ state: 'done', results: {} }) }, 'done: brings'],
    ['does not say why it was rejected', { ...signingDesk, track: () => Promise.resolve({ state: 'rejected', reason: 'no' }) }, 'rejected: says why'],
    ['says that it took back', { ...signingDesk, cancel: () => Promise.resolve('cancelled') }, 'cancel:'],
    ['is done without the document that it could not keep', { ...signingDesk, track: (receipt, ...rest) => signingDesk.track(receipt, ...rest).catch(() => ({ state: 'done' })) } satisfies Partial<typeof signingDesk>, 'done, and the documents cannot be kept'],
    ['brings a document back twice', { ...sessionDesk, track: (receipt, submission, ...rest) => signingDesk.track(receipt, submission, ...rest).then((told) => (told.state === 'done' && receipt.data !== 2 ? { ...told, state: 'pending', data: 2 } : told)) } satisfies Partial<typeof sessionDesk>, 'done: brings'],
    ['claims that it is not there although it is', { ...signingDesk, submit: (...given) => signingDesk.submit(...given).then((receipt) => given[2].blobs.keep(Readable.from([Buffer.from('slip')])).then(() => receipt)) } satisfies Partial<typeof signingDesk>, 'it is over there'],
    ['surveys and finds no news', { ...sessionDesk, survey: { ...sessionDesk.survey, ask: () => Promise.resolve(new Set()) } }, 'survey: names'],
    ['surveys nobody', { ...sessionDesk, survey: { ...sessionDesk.survey, ask: () => Promise.resolve(new Set()) } }, 'survey: another side that is down'],
    ['names all that it surveys', { ...sessionDesk, survey: { ...sessionDesk.survey, ask: (sent: readonly { submission: { key: string } }[]) => Promise.resolve(new Set(sent.map(({ submission }) => submission.key))) } }, 'survey: names'],
    ['hands over half of a load', { ...sessionDesk, together: { ...sessionDesk.together, submit: (load, ...rest) => sessionDesk.together.submit(load.slice(0, 1), ...rest).then((receipts) => load.flatMap(() => receipts)) } } satisfies Partial<typeof sessionDesk>, 'a load: each'],
    ['takes any load, however heavy', { ...sessionDesk, together: { ...sessionDesk.together, gather: () => ({ group: 'all', weight: 2, limits: { weight: 1, count: 1, waitMs: 0 } }) } }, 'a load: what is too heavy'],
    ['trusts whoever calls', { ...sessionDesk, receive: ({ body }) => ({ references: [body.toString('latin1')] }) } satisfies Partial<typeof sessionDesk>, 'call back: of somebody else'],
    ['understands no call', { ...sessionDesk, receive: () => 'not-understood' } satisfies Partial<typeof sessionDesk>, 'call back: names'],
    ['forgets what waits once it was listed', { ...sessionDesk, collect: { ...sessionDesk.collect, list: (settings, context) => sessionDesk.collect.list(settings, context).then(async (found) => { for (const one of found) await sessionDesk.collect.kept(one, settings, context); return found; }) } } satisfies Partial<typeof sessionDesk>, 'collect: announces'],
    ['marks what it fetches', { ...sessionDesk, collect: { ...sessionDesk.collect, fetch: (one, settings, context) => sessionDesk.collect.fetch(one, settings, context).finally(() => sessionDesk.collect.kept(one, settings, context)) } } satisfies Partial<typeof sessionDesk>, 'collect: what could not be kept'],
    ['fetches documents that it does not keep', { ...sessionDesk, collect: { ...sessionDesk.collect, fetch: (one, settings, context) => sessionDesk.collect.fetch(one, settings, { ...context, blobs: { ...context.blobs, keep: () => Promise.resolve({ sha256: 'f'.repeat(64), size: 1 }) } }) } } satisfies Partial<typeof sessionDesk>, 'collect: fetches'],
    ['gives all that waits one name', { ...sessionDesk, collect: { ...sessionDesk.collect, list: (settings, context) => sessionDesk.collect.list(settings, context).then((found) => found.map(() => ({ key: 'one' }))) } } satisfies Partial<typeof sessionDesk>, 'collect: announces'],
    ['marks nothing', { ...sessionDesk, collect: { ...sessionDesk.collect, kept: () => Promise.resolve() } }, 'collect: what is kept'],
    ['finds nothing where nobody answers', { ...sessionDesk, collect: { ...sessionDesk.collect, list: (settings, context) => sessionDesk.collect.list(settings, context).catch(() => []) } } satisfies Partial<typeof sessionDesk>, 'collect: another side that is down'],
    ['fetches what is gone', { ...sessionDesk, collect: { ...sessionDesk.collect, fetch: () => Promise.resolve({ kind: 'letter', title: 'A letter', documents: [] }) } }, 'collect: what was taken away'],
    ['logs the address that opens a session', { ...sessionDesk, personalLink: (receipt, submission, settings, context) => sessionDesk.personalLink(receipt, submission, settings, context).then((link) => { context.logger.debug('made', { link }); return link; }) } satisfies Partial<typeof sessionDesk>, 'personal link: an address'],
    ['makes an address of its own', { ...sessionDesk, personalLink: (_receipt, _submission, _settings, { clock }) => Promise.resolve({ url: 'https://desk.example/', validUntil: clock.now() + 1 }) } satisfies Partial<typeof sessionDesk>, 'personal link: another side'],
    ['has no track', { ...signingDesk, track: undefined }, 'every operation'],
    ['has an operation that is not rehearsed', { ...signingDesk, manifest: { ...signingDesk.manifest, operations: { ...signingDesk.manifest.operations, stamp: { idempotence: 'none' } } } }, 'every operation'],
  ];
  for (const [what, connector, caughtBy] of lateMistakes) {
    it(`catches a connector that ${what}`, async () => {
      expect(await verdicts(connector as Connector, signingDeskRehearsals, caughtBy)).to.not.include(null);
    });
  }
});

/** Several times over, as careless code does, and so that memory which this process has to spare does not hide it. */
async function* wholeOf(stream: Readable): AsyncGenerator<Buffer> {
  const whole = await buffer(stream);
  const copies = Array.from({ length: 4 }, () => Buffer.from(whole));
  yield whole;
  copies.length = 0;
}

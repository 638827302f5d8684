import { expect } from 'chai';
import { ownMark } from '../../connectors/plonemeeting-rest/own-mark.js';
import { ploneMeetingRest } from '../../connectors/plonemeeting-rest/index.js';
import { Refused } from '../../src/connector-api/failures.js';
import { COLLEGE, failureOf, infos, itemAnswer, listOf, openPloneRig, PASSWORD, type PloneRig } from '../support/scripted-plonemeeting.js';

const { deliberation } = ploneMeetingRest;
if (deliberation === undefined) throw new Error('the connector has no reading side');
const reading = deliberation;
const UID = 'b'.repeat(32);

describe('plonemeeting-rest: calls', () => {
  let rig: PloneRig;
  beforeEach(async () => { rig = await openPloneRig(); });
  afterEach(() => rig.close());

  const item = (settings = rig.settings(), reader: string | null = null) => reading.item(UID, reader, settings, rig.context);
  const check = (settings = rig.settings()) => ploneMeetingRest.check(settings, rig.context);

  it('§1: every call asks for JSON with the account, bodies say that they are JSON, and the slash is not doubled', async () => {
    await ploneMeetingRest.submit(rig.submission(), rig.settings({ url: `${rig.url}//` }), rig.context);
    rig.script['GET /@item'] = { body: itemAnswer() };
    await item();
    for (const { headers, path } of rig.heard) {
      expect(headers.accept).to.equal('application/json');
      expect(Buffer.from((headers.authorization ?? '').slice('Basic '.length), 'base64').toString('utf8')).to.equal(`relais:${PASSWORD}`);
      expect(path).to.match(/^\/@/);
    }
    const posts = rig.heard.filter(({ method }) => method === 'POST');
    expect(posts.map(({ headers }) => [headers['content-type'], headers['transfer-encoding']])).to.deep.equal([['application/json', undefined]]);
    expect(rig.heard.map(({ search }) => search).join()).to.not.match(/debug/i);
  });

  it('§1: values are percent-encoded, lists repeat their parameter, and nothing is asked in nobody\'s name', async () => {
    rig.script['GET /@item'] = { body: itemAnswer() };
    await item();
    await item(rig.settings(), 'jean & co');
    const [plain, named] = rig.heard.filter(({ path }) => path === '/@item');
    expect(plain?.query.getAll('metadata_fields')).to.include.members(['creators', 'decision', 'externalIdentifier']);
    expect(plain?.search).to.not.match(/in_name_of|,|fullobjects/);
    expect(named?.search).to.include('in_name_of=jean%20%26%20co');
  });

  it('§2.1: an acting user who is the account itself, or is said to be nobody, is left out', async () => {
    rig.script['GET /@item'] = { body: itemAnswer() };
    const settings = rig.settings({ users: { robot: 'relais', office: '', jd: 'jdupont' } });
    for (const reader of ['relais', 'robot', 'office', 'jd']) await item(settings, reader);
    expect(rig.heard.filter(({ path }) => path === '/@item').map(({ query }) => query.get('in_name_of'))).to.deep.equal([null, null, null, 'jdupont']);
  });

  it('§1.1: 200 with nobody connected is a refused account, as is a 401', async () => {
    for (const said of [infos('2.13', null), { status: 401, body: { type: 'Unauthorized', message: 'You are not authorized' } }]) {
      rig.script['GET /@infos'] = said;
      expect(await failureOf(check())).to.match(/^misconfigured: .*account «relais»/);
    }
  });

  it('§1.1: a 401 for a role says so, and one for the password says that; they look the same', async () => {
    rig.script['GET /@item'] = { status: 401, body: { type: 'Unauthorized', message: 'User "relais" must be Manager/MeetingManager' } };
    expect(await failureOf(item())).to.match(/^refused: .*must be Manager.*MeetingManager of the meeting config/);
    const settings = rig.settings();
    await check(settings);
    rig.script['GET /@infos'] = infos('2.13', null);
    expect(await failureOf(item(settings))).to.match(/^misconfigured: .*does not accept the account/);
  });

  it('§7: refuses a server before 2.0, and one that does not say what it is', async () => {
    for (const [version, found] of [['1.0rc18', '1.0rc18'], ['', 'unknown']] as const) {
      rig.script['GET /@infos'] = infos(version);
      expect(await failureOf(check())).to.match(new RegExp(`^misconfigured: .*${found}.*2\\.0 or later`));
    }
    rig.script['GET /@infos'] = infos('2.0');
    await check();
    rig.script['GET /@infos'] = infos('10.1');
    await check();
  });

  it('§10: who answers is asked once, and again after ten minutes', async () => {
    rig.script['GET /@item'] = { body: itemAnswer() };
    const settings = rig.settings();
    await item(settings);
    await item(settings);
    rig.pass(600_000);
    await item(settings);
    expect(rig.asked.filter((one) => one.endsWith('@infos'))).to.have.lengthOf(2);
  });

  describe('§1.2: errors in three shapes', () => {
    const said = async (status: number, body: unknown, headers = {}) => {
      rig.script['GET /@item'] = { status, body, headers };
      return failureOf(item());
    };

    it('flat, nested, null and empty', async () => {
      expect(await said(400, { type: 'BadRequest', message: 'The "UID or uid" parameter must be given!' })).to.match(/^refused: .* answered 400: The "UID or uid" parameter must be given!\.$/);
      expect(await said(400, { error: { type: 'Bad Request', message: 'Nested.' } })).to.match(/^refused: .*answered 400: Nested\.$/);
      expect(await said(400, null)).to.match(/^refused: .*answered 400\.$/);
      expect(await said(400, '')).to.match(/^refused: .*answered 400\.$/);
      expect(await said(500, { type: 'ValueError', message: 'boom', traceback: ['secret path /srv/x'] })).to.match(/^outcome-unknown: .*boom\.$/);
    });

    it('a validation is the text of a Python list: fields and messages are picked out, or it is shown as it is', async () => {
      const python = '[{\'field\': \'category\', \'message\': u\'Cat\\xe9gorie l\\\'obligatoire\', \'error\': \'ValidationError\'}, {\'message\': u"Whole \\u2019object", \'error\': \'Invalid\'}]';
      expect(await said(400, { type: 'BadRequest', message: python })).to.include('category: Catégorie l\'obligatoire · Whole ’object');
      expect(await said(400, { type: 'BadRequest', message: '[{\'field\': <Message object>}]' })).to.include('[{\'field\': <Message object>}]');
    });

    it('a page in place of an answer is no answer, whatever its status', async () => {
      const page = '<html><head><style>b{}</style></head><body>Bad <b>Gateway</b></body></html>';
      expect(await said(502, page, { 'content-type': 'text/html' })).to.match(/^outcome-unknown: .*Bad Gateway/);
      expect(await said(200, page, { 'content-type': 'text/html' })).to.match(/^outcome-unknown: .*a page in place of JSON/);
      expect(await said(404, page, { 'content-type': 'text/html' })).to.match(/^outcome-unknown: .*holds up this request/);
      expect(await said(200, { something: 'else' })).to.match(/^outcome-unknown: .*something else than an item/);
      expect(await said(404, { type: 'NotFound', message: 'Resource not found: http://x/@item' })).to.match(/^misconfigured: .*no plonemeeting\.restapi/);
      expect(await said(429, '', { 'retry-after': '120' })).to.match(/^not-sent/);
    });

    it('what stands before it may refuse one request: that is no reason to ask nothing more; where it refuses all of them, it is', async () => {
      const page = { status: 403, headers: { 'content-type': 'text/html' }, body: '<h1>403 Forbidden</h1>' };
      rig.script['GET /@item'] = page;
      expect(await failureOf(item())).to.match(/^outcome-unknown: .*403 Forbidden.*lets others through/);
      rig.script['GET /@item'] = { ...page, status: 414 };
      expect(await failureOf(item())).to.match(/^refused: .*too long/);
      rig.script['GET /@item'] = page;
      rig.script['GET /@infos'] = page;
      expect(await failureOf(item())).to.match(/^misconfigured: .*not PloneMeeting/);
      expect(await failureOf(check())).to.match(/^misconfigured: .*not PloneMeeting/);
    });

    it('a creation that it holds up, as texts can look like an attack, is refused: nobody else waits for it', async () => {
      rig.script['POST /@item'] = { status: 403, headers: { 'content-type': 'text/html' }, body: '<h1>403 Forbidden</h1>' };
      expect(await failureOf(ploneMeetingRest.submit(rig.submission(), rig.settings(), rig.context))).to.match(/^refused: .*its log says why/);
    });

    it('an item whose creation is answered by a page of another may be there all the same: it is looked for', async () => {
      const submission = rig.submission();
      const { id } = ownMark(submission.item);
      let isThere = false;
      rig.script['GET /@search'] = () => listOf(...(isThere ? [itemAnswer({ id })] : []));
      rig.script['POST /@item'] = () => { isThere = true; return { status: 403, headers: { 'content-type': 'text/html' }, body: '<h1>403 Forbidden</h1>' }; };
      expect(await ploneMeetingRest.submit(submission, rig.settings(), rig.context)).to.include({ state: 'sent', reference: itemAnswer().UID });
    });
  });

  it('§1: a date that callers cannot be told is none', async () => {
    rig.script['GET /@item'] = { body: itemAnswer({ created: '+275760-09-13T00:00:00Z', modified: '99999-99-99', extra_include_meeting: { UID: UID, date: '275760-09-14' } }) };
    expect(await item()).to.include({ createdAt: 0, modifiedAt: 0, meeting: null });
  });

  it('§1: what moved is followed within the site (301 for GET), and nowhere else with the account', async () => {
    rig.script['GET /@item'] = { status: 301, headers: { location: `${rig.url}/elsewhere?x=1` } };
    rig.script['GET /elsewhere'] = { body: itemAnswer({ title: 'moved' }) };
    expect(await item()).to.include({ title: 'moved' });
    for (const location of ['http://evil.example/@item', 'http://127.0.0.1:9/@item', '/login?came_from=x', '/acl_users/credentials_cookie_auth/require_login']) {
      rig.script['GET /@item'] = { status: 302, headers: { location } };
      expect(await failureOf(item())).to.match(/^misconfigured: /);
    }
    rig.script['GET /@item'] = ({ search }) => ({ status: 301, headers: { location: `${rig.url}/@item${search}` } });
    expect(await failureOf(item())).to.match(/^misconfigured: .*sends requests elsewhere/);
  });

  it('§1: a creation that is sent elsewhere (308) is not repeated there', async () => {
    rig.script['POST /@item'] = { status: 308, headers: { location: `${rig.url}/new/@item` } };
    expect(await failureOf(ploneMeetingRest.submit(rig.submission(), rig.settings(), rig.context))).to.match(/^misconfigured: .*final address/);
    expect(rig.asked.filter((one) => one.startsWith('POST'))).to.deep.equal(['POST /@item']);
  });

  it('§3: pages are asked for by their number, never at an address that was answered, and an empty one ends them', async () => {
    rig.script['GET /@search'] = ({ query }) => {
      const start = Number(query.get('b_start') ?? '0');
      const items = start < 100 ? Array.from({ length: 50 }, (_, n) => itemAnswer({ UID: (start + n).toString(16).padStart(32, '0') })) : [];
      return { body: { items_total: 1_000, items, batching: { next: 'http://evil.example/@search?b_start=50' } } };
    };
    const found: string[] = [];
    for await (const { uid } of reading.search({ configId: COLLEGE, text: 'rue' }, null, rig.settings(), rig.context)) found.push(uid);
    expect(new Set(found).size).to.equal(100);
    expect(rig.heard.filter(({ path }) => path === '/@search').map(({ query }) => query.get('b_start'))).to.deep.equal([null, '50', '100']);
  });

  it('a list without an end is given up', async () => {
    let number = 0;
    rig.script['GET /@search'] = () => listWithoutEnd(() => (number += 1));
    const all = async () => { for await (const { uid } of reading.search({ configId: COLLEGE, text: 'rue' }, null, rig.settings(), rig.context)) expect(uid).to.not.equal(''); };
    expect(await failureOf(all())).to.match(/^outcome-unknown: .*more than 20000 rows/);
  });

  it('what fails shows neither the password nor what carries it', async () => {
    const carried = Buffer.from(`relais:${PASSWORD}`).toString('base64');
    for (const status of [301, 400, 401, 403, 404, 413, 429, 500, 503]) {
      rig.script['GET /@item'] = { status, headers: { location: 'http://evil.example/' }, body: { message: 'no' } };
      const told = await failureOf(item().then((found) => { if (typeof found === 'string') throw new Refused(found); }));
      expect(told).to.not.include(PASSWORD).and.not.include(carried);
    }
    expect(rig.logger.text()).to.not.include(PASSWORD).and.not.include(carried);
  });

  it('down: nothing was sent; and a reader is told so', async () => {
    await rig.close();
    expect(await failureOf(item())).to.match(/^not-sent/);
    expect(await failureOf(ploneMeetingRest.submit(rig.submission(), rig.settings(), rig.context))).to.match(/^not-sent/);
    rig = await openPloneRig();
  });
});

function listWithoutEnd(next: () => number): { readonly body: object } {
  const page = listOf(...Array.from({ length: 50 }, () => itemAnswer({ UID: next().toString(16).padStart(32, '0') })));
  return { body: { ...(page.body as object), items_total: 1e9 } };
}

import { expect } from 'chai';
import fc from 'fast-check';
import { Writable } from 'node:stream';
import { createLogger, type LogFormat, type LogLevel } from '../../../src/platform/create-logger.js';
import { createSecretScrubber } from '../../../src/platform/secret-scrubber.js';

function setUp(format: LogFormat = 'json', level: LogLevel = 'debug') {
  let written = '';
  const output = new Writable({ write(chunk: Buffer, _encoding, done) { written += chunk.toString(); done(); } });
  const scrubber = createSecretScrubber();
  const logger = createLogger({ level, format, output, scrubber });
  return { logger, scrubber, text: () => written, lines: () => written.split('\n').filter((line) => line !== ''), last: () => JSON.parse(written.trim().split('\n').at(-1) ?? '') as Record<string, never> };
}

describe('createLogger', () => {
  it('writes one JSON object a line with the fields of the call and of the child', () => {
    const { logger, lines, last } = setUp();
    logger.child({ authority: 'ville' }).child({ item: 'abc' }).info('item accepted', { annexes: 2, item: 'def' });
    expect(lines()).to.have.length(1);
    expect(last()).to.deep.include({ level: 'info', message: 'item accepted', authority: 'ville', item: 'def', annexes: 2 });
    expect(new Date(last().timestamp!).getTime()).to.be.closeTo(Date.now(), 60_000);
  });

  it('leaves out what is below the level', () => {
    const { logger, lines } = setUp('json', 'warn');
    logger.debug('no'); logger.info('no'); logger.warn('yes'); logger.error('yes');
    expect(lines()).to.have.length(2);
  });

  it('does not let a field replace the level, the message or the time', () => {
    const { logger, last } = setUp();
    logger.info('true', { level: 'error', message: 'forged', timestamp: 'never' });
    expect(last()).to.include({ level: 'info', message: 'true' }).and.not.include({ timestamp: 'never' });
  });

  it('writes errors with code, stack and causes, also deep inside', () => {
    const { logger, last } = setUp();
    const cause = Object.assign(new Error('disk full'), { code: 'ENOSPC' });
    logger.error('failed', { cause: new Error('could not keep', { cause }), list: [{ error: cause }] });
    const written = last() as unknown as { cause: { message: string; stack: string; cause: unknown }; list: { error: { message: string } }[] };
    expect(written.cause).to.deep.include({ name: 'Error', message: 'could not keep' });
    expect(written.cause.stack).to.match(/create-logger\.test/);
    expect(written.cause.cause).to.deep.include({ message: 'disk full', code: 'ENOSPC' });
    expect(written.list[0]!.error.message).to.equal('disk full');
  });

  it('writes circles, big integers, maps and sets without failing', () => {
    const { logger, last } = setUp();
    const circle: Record<string, unknown> = { name: 'a' };
    circle.self = circle;
    logger.info('odd', { circle, twice: [circle.name, circle.name], big: 12n, map: new Map([['k', 1]]), set: new Set(['v']) });
    expect(last()).to.deep.include({ circle: { name: 'a', self: '[circle]' }, twice: ['a', 'a'], big: '12', map: [['k', 1]], set: ['v'] });
  });

  it('does not take an object that occurs twice for a circle', () => {
    const { logger, last } = setUp();
    const same = { a: 1 };
    logger.info('twice', { one: same, other: same });
    expect(last()).to.deep.include({ one: { a: 1 }, other: { a: 1 } });
  });

  it('writes a readable line that stays one line', () => {
    const { logger, lines } = setUp('readable');
    logger.warn('slow', { item: 'abc', title: 'two words\nforged line', ms: 12, nothing: undefined });
    expect(lines()).to.have.length(1);
    expect(lines()[0]).to.match(/^\d{4}-\S+Z WARN {2}slow item=abc title="two words\\nforged line" ms=12$/);
  });

  for (const format of ['json', 'readable'] as const) {
    it(`never writes a registered secret, in any form (${format})`, () => {
      const { logger, scrubber, text } = setUp(format);
      const secret = 'p@ss "wörd"/+?\\';
      scrubber.register(secret);
      const basic = (before: string) => Buffer.from(`${before}${secret}!`).toString('base64');
      const forms = [
        secret, JSON.stringify(secret), encodeURIComponent(secret), Buffer.from(secret).toString('base64'), Buffer.from(secret).toString('base64url'),
        basic('a:'), basic('ab:'), basic('abc:'),
      ];
      logger.info(`in the message ${secret}`, { forms, [secret]: 'as a name', error: new Error(`with ${secret} inside`) });
      logger.child({ secret }).error('child', { nested: { list: [secret] } });
      for (const form of [secret, JSON.stringify(secret).slice(1, -1), encodeURIComponent(secret), Buffer.from(secret).toString('base64').slice(1, -2)]) {
        expect(text()).to.not.include(form);
      }
      for (const before of ['a:', 'ab:', 'abc:']) expect(text()).to.not.include(basic(before));
      expect(text()).to.include('[hidden]');
    });
  }
});

describe('createSecretScrubber', () => {
  it('hides HTTP credentials and passwords in addresses that nobody registered', () => {
    const scrubber = createSecretScrubber();
    expect(scrubber.scrub('Authorization: Basic Z2VkOmRlbW8=')).to.equal('Authorization: Basic [hidden]');
    expect(scrubber.scrub('authorization: bearer abc.def-ghi')).to.equal('authorization: bearer [hidden]');
    expect(scrubber.scrub('https://ged:demo@pm.example.be/x')).to.equal('https://ged:[hidden]@pm.example.be/x');
    expect(scrubber.scrub('https://pm.example.be:8080/x?mail=a@b.be')).to.equal('https://pm.example.be:8080/x?mail=a@b.be');
  });

  it('leaves text without secrets alone, and does not hide very short ones', () => {
    const scrubber = createSecretScrubber();
    scrubber.register('a');
    scrubber.register('');
    expect(scrubber.scrub('a banana')).to.equal('a banana');
  });

  it('hides the longer of two secrets as a whole', () => {
    const scrubber = createSecretScrubber();
    scrubber.register('secret');
    scrubber.register('secret-and-more');
    expect(scrubber.scrub('x secret-and-more y secret z')).to.equal('x [hidden] y [hidden] z');
  });

  it('finds any secret in base64 at any alignment', () => {
    fc.assert(fc.property(fc.string({ minLength: 9, maxLength: 30 }), fc.string({ maxLength: 12 }), fc.string({ maxLength: 12 }), (secret, before, after) => {
      const scrubber = createSecretScrubber();
      scrubber.register(secret);
      const encoded = Buffer.from(before + secret + after).toString('base64');
      expect(scrubber.scrub(encoded)).to.include('[hidden]');
    }));
  });
});

import { expect } from 'chai';
import { Readable } from 'node:stream';
import { answerWords, httpFailure, retryAfterMs } from '../../../src/connector-api/http-failure.js';
import { httpAnswer, type ScriptedAnswer } from '../../support/http-answer.js';

const NOW = Date.UTC(2027, 2, 1, 9);
const failureOf = (answer: ScriptedAnswer) => httpFailure(httpAnswer(answer), 'https://partner.example', NOW);

describe('what a status means', () => {
  const KINDS: Record<string, number[]> = {
    misconfigured: [301, 302, 304, 308, 401, 403, 404, 405, 407, 410],
    'not-sent': [408, 423, 425, 429, 503, 507],
    refused: [400, 402, 406, 409, 411, 413, 415, 422, 451],
    'outcome-unknown': [500, 501, 502, 504, 520, 100],
  };
  for (const [kind, statuses] of Object.entries(KINDS)) {
    for (const status of statuses) it(`${status}: ${kind}`, async () => expect((await failureOf({ status })).kind).to.equal(kind));
  }

  it('says what the other side said', async () => {
    expect((await failureOf({ status: 422, body: '{"error":"Le montant manque.","trace":"…"}' })).message).to.equal('https://partner.example answered 422: Le montant manque.');
    expect((await failureOf({ status: 422 })).message).to.equal('https://partner.example answered 422.');
  });

  it('waits as long as it is asked to', async () => {
    expect(await failureOf({ status: 429, headers: { 'retry-after': '120' } })).to.have.property('retryAfterMs', 120_000);
    expect(await failureOf({ status: 503, headers: { 'retry-after': 'Mon, 01 Mar 2027 09:01:00 GMT' } })).to.have.property('retryAfterMs', 60_000);
    expect(await failureOf({ status: 503 })).to.have.property('retryAfterMs', undefined);
  });
});

describe('Retry-After', () => {
  const CASES: [string, number | undefined][] = [
    ['0', 0], [' 5 ', 5000], ['Mon, 01 Mar 2027 08:00:00 GMT', 0], ['soon', undefined], ['', undefined], ['-3x', undefined], ['99999999999999', undefined],
  ];
  for (const [value, expected] of CASES) {
    it(`«${value}» is ${expected ?? 'nothing'}`, () => expect(retryAfterMs(httpAnswer({ status: 503, headers: { 'retry-after': value } }), NOW)).to.equal(expected));
  }
});

describe('the words of an answer', () => {
  const wordsOf = (body: string | Buffer) => answerWords(httpAnswer({ status: 400, body }));

  it('are one line without markup and control characters', async () => {
    expect(await wordsOf('<html><style>p { color: red }</style><h1>Bad\r\n request</h1><p>no\u0007 title\u202E</p></html>')).to.equal('Bad request no title');
    expect(await wordsOf(Buffer.from([0xFF, 0xFE, 0x41]))).to.equal('A');
  });

  it('are those of a JSON message, or the JSON itself', async () => {
    expect(await wordsOf('{"title":"Invalid","detail":"the field objet is empty"}')).to.equal('the field objet is empty');
    expect(await wordsOf('{"code":12}')).to.equal('{"code":12}');
    expect(await wordsOf('{"code":')).to.equal('{"code":');
  });

  it('are short, whatever comes', async () => {
    expect((await wordsOf('é'.repeat(1_000_000))).length).to.be.lessThan(310);
    let read = 0;
    const body = new Readable({ read() {
      read += 1;
      this.push('x'.repeat(1024));
    } });
    await answerWords({ ...httpAnswer({ status: 400 }), body });

    expect(read).to.be.lessThan(100);
    expect(body.destroyed).to.equal(true);
  });

  it('are what came before the answer was cut', async () => {
    const body = Readable.from((function* () {
      yield Buffer.from('half a ');
      throw new Error('cut');
    })());
    expect(await answerWords({ ...httpAnswer({ status: 400 }), body })).to.equal('half a');
  });
});

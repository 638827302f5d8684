import { expect } from 'chai';
import { cmisSettings } from '../../connectors/cmis/config.js';
import { cmis } from '../../connectors/cmis/index.js';
import { maarchSettings } from '../../connectors/maarch/config.js';
import { maarch } from '../../connectors/maarch/index.js';
import { ploneDmsSettings } from '../../connectors/plone-dms/config.js';
import { ploneDms } from '../../connectors/plone-dms/index.js';
import type { Connector, ConnectorContext } from '../../src/connector-api/connector.js';
import { Readable } from 'node:stream';
import type { HttpAnswer, HttpRequest } from '../../src/connector-api/http.js';
import { readText } from '../../src/outbound/answer-text.js';
import { httpAnswer } from '../support/http-answer.js';
import { failureOf } from '../support/failure-of.js';
import { openLetterRig, type LetterRig } from '../support/letter-rig.js';

const PASSWORD = 'tr0ub4dor&3';
const URL_OF = 'https://ged.example';
const KINDS = /^(?:not-sent|refused|outcome-unknown|misconfigured): /;

interface Asked {
  readonly connector: Connector;
  readonly settings: unknown;
  readonly operations: readonly (readonly [string, Readonly<Record<string, string | readonly string[]>>])[];
}

const SUBJECTS: Readonly<Record<string, Asked>> = {
  maarch: {
    connector: maarch, settings: maarchSettings.parse({ url: URL_OF, login: 'relais', password: PASSWORD, model: 1 }),
    operations: [['create-resource', {}], ['update-resource', { resource: '7', status: 'END' }]],
  },
  cmis: {
    connector: cmis, settings: cmisSettings.parse({ url: `${URL_OF}/browser`, user: 'relais', password: PASSWORD }),
    operations: [['create-document', { folder: 'a/../b\'/c' }], ['update-document', { document: 'x\'--/"' }]],
  },
  'plone-dms': {
    connector: ploneDms, settings: ploneDmsSettings.parse({ url: URL_OF, login: 'relais', password: PASSWORD }),
    operations: [['create-mail', { transition: 'x/../y' }], ['return-decision', { target: 'u\'/%', files: ['*'] }]],
  },
};

const JSON_TYPE = { 'content-type': 'application/json' };
const WRONG = ['null', '0', '"text"', '[]', '{}', '[null]', '{"items":null}', '{"items":[null],"items_total":"many"}', '{"items":[{"@id":"https://ged.example/%ZZ","UID":"u"}],"items_total":1}',
  '{"resId":"seven"}', '{"resId":{"$gt":0}}', '{"x":{"repositoryId":"x","repositoryUrl":"https://evil.example/a","rootFolderUrl":"//evil.example/b"}}', '{"__proto__":{"resId":1}}', '{"succinctProperties":[]}',
  '{"items":[', '\u0000', '<html>login</html>', ''];

/** As many bytes as are read, and how many that was. */
function endless(read: { bytes: number }): HttpAnswer {
  const chunk = Buffer.alloc(2 ** 20, ' ');
  const body = new Readable({ read() { read.bytes += chunk.length; this.push(chunk); } });
  return { status: 200, headers: JSON_TYPE, body, text: (limit) => readText(body, limit, URL_OF) };
}

describe('document managers that are hostile', () => {
  let rig: LetterRig;
  beforeEach(async () => { rig = await openLetterRig(); });
  afterEach(() => rig.close());

  for (const [name, { connector, settings, operations }] of Object.entries(SUBJECTS)) {
    /** All that a connector does on its own; each must fail as failures do, or say that it found nothing. */
    async function words(answer: (request: HttpRequest) => HttpAnswer, context: ConnectorContext = rig.context): Promise<string[]> {
      rig.instead = answer;
      const all = [failureOf(Promise.resolve(connector.check(settings, context)).then(() => undefined))];
      for (const [operation, fields] of operations) {
        const submission = await rig.submission(operation, { fields, annexes: [await rig.annex('d\'é/"c.pdf')] });
        all.push(failureOf(connector.submit(submission, settings, context)), failureOf(connector.probe(submission, settings, context)).catch((error: unknown) => String(error)));
      }
      return Promise.all(all);
    }

    it(`${name}: whatever is answered in place of what was asked, it is a failure with its words, without the password`, async () => {
      for (const body of WRONG) {
        for (const status of [200, 201, 204, 207, 302, 400, 401, 500]) {
          const urls: string[] = [];
          const said = await words((request) => {
            urls.push(request.url);
            return httpAnswer({ status, body: status === 204 ? '' : body, headers: { ...JSON_TYPE, location: 'https://evil.example/' } });
          });
          for (const one of said) {
            // a list with another object only is a proof that ours is not there; nothing else is
            if (one !== 'Error: it succeeded: "absent"' || !body.includes('%ZZ')) expect(one, `${status} ${body}`).to.match(KINDS);
            expect(one).to.not.contain(PASSWORD).and.not.contain(Buffer.from(`relais:${PASSWORD}`).toString('base64'));
          }
          expect(urls.filter((url) => !url.startsWith(`${URL_OF}/`))).to.deep.equal([]);
        }
      }
    }).timeout(30_000);

    it(`${name}: an answer without end is not read to its end`, async () => {
      const read = { bytes: 0 };
      const said = await words(() => endless(read));
      for (const one of said) expect(one).to.match(KINDS);
      expect(read.bytes / said.length / 2 ** 20).to.be.lessThan(32);
    });
  }
});

import { expect } from 'chai';
import type Nock from 'nock';
import path from 'node:path';
import { makeDocument } from '../../../src/documents/make-document.js';
import { sampleData } from './sample-data.js';

const template = (name: string): string => path.resolve(import.meta.dirname, '../../../config/templates', name);

describe('making a document', () => {
  // It stands between every test of the process and its sockets from the moment it is loaded, so only for this suite.
  let nock: typeof Nock;
  before(async () => { nock = (await import('nock')).default; });
  after(() => {
    nock.cleanAll();
    nock.enableNetConnect();
    nock.restore();
  });

  for (const [name, format] of [['item.html', 'pdf'], ['item.docx', 'docx']] as const) {
    it(`fetches nothing that an item refers to (${format})`, async () => {
      const called: string[] = [];
      nock.disableNetConnect();
      nock('http://intranet.example').persist().get(/.*/).reply(200, (uri) => { called.push(uri); return 'secret'; });
      const markup = '<p>Vu<img src="http://intranet.example/a.png"><link rel="stylesheet" href="http://intranet.example/a.css"></p>'
        + '<table background="http://intranet.example/b.png"><tr><td style="background:url(http://intranet.example/c.png)">x</td></tr></table>';

      const document = await makeDocument(template(name), format, sampleData({ descriptionHtml: markup, title: 'http://intranet.example/d' }));

      expect(document.length).to.be.greaterThan(1000);
      expect(called).to.deep.equal([]);
    });
  }
});

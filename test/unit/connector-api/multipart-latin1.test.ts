import { expect } from 'chai';
import { buffer } from 'node:stream/consumers';
import { multipartBody } from '../../../src/connector-api/multipart.js';
import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { sampleAnnex } from '../../support/sample-item.js';

describe('a form in ISO-8859-1', () => {
  const content = Buffer.from('œuvre', 'utf8');
  const annex = sampleAnnex('été.pdf', { size: content.length, sha256: createHash('sha256').update(content).digest('hex') });
  const context = { signal: new AbortController().signal, blobs: { read: () => Readable.from([content]), keep: () => Promise.reject(new Error('not asked')) } };
  const parts = [{ name: 'objet', text: 'été', mediaType: 'text/plain' }, { name: 'fichier', annex }];

  it('writes names, file names and texts in it, files as they are; its length counts these bytes', async () => {
    const { headers, body } = multipartBody(parts, context, { encoding: 'latin1' });
    const bytes = await buffer(body);
    expect(headers['content-length']).to.equal(String(bytes.length));
    expect(bytes.toString('latin1')).to.include('\r\n\r\nété\r\n').and.include('filename="été.pdf"');
    expect(bytes.includes(content)).to.equal(true);
  });

  it('is UTF-8 where nothing is said', async () => {
    const { headers, body } = multipartBody(parts, context);
    const bytes = await buffer(body);
    expect(headers['content-length']).to.equal(String(bytes.length));
    expect(bytes.toString('utf8')).to.include('\r\n\r\nété\r\n').and.include('filename="été.pdf"');
  });
});

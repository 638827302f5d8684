import { expect } from 'chai';
import { toldApart } from '../../../src/domain/safe-filename.js';
import { extensionsOf, mediaTypeOfName, usualExtension } from '../../../src/domain/media-types.js';

describe('media types and names', () => {
  it('a type is named by its usual extension, unless it says too little', () => {
    expect(['application/pdf', 'IMAGE/JPEG', 'image/tiff', 'text/csv', 'text/xml', 'application/msword'].map(usualExtension)).to.deep.equal(['pdf', 'jpg', 'tif', 'csv', 'xml', 'doc']);
    expect(['application/octet-stream', 'application/x-ole-storage', 'application/x-dosexec', 'nobody/knows', ''].map(usualExtension)).to.deep.equal(Array.from({ length: 5 }));
  });

  it('the usual extension of a type stands for that type again', () => {
    for (const name of ['a.pdf', 'a.docx', 'a.csv', 'a.eml', 'a.p7s', 'a.tsr', 'a.JPEG']) {
      const type = mediaTypeOfName(name) ?? '';
      const extension = usualExtension(type) ?? '';
      expect(mediaTypeOfName(`b.${extension}`), name).to.equal(type);
    }
    expect(extensionsOf('application/octet-stream')).to.deep.equal(['bin', 'dat']);
  });

  it('names alike are told apart, capitals or not, also from those that look told apart already', () => {
    expect(toldApart(['plan.pdf', 'Plan.PDF', 'plan-2.pdf', 'autre.pdf', 'plan.pdf'])).to.deep.equal(['plan.pdf', 'Plan-2.PDF', 'plan-2-2.pdf', 'autre.pdf', 'plan-3.pdf']);
    expect(toldApart(['a', 'a'], (name, mark) => `${mark}${name}`)).to.deep.equal(['a', '-2a']);
  });
});

import { expect } from 'chai';
import { isWebPage } from '../../../src/formats/business-xml.js';

describe('a web page in place of a file', () => {
  it('is known behind a mark of the encoding, blanks and comments', () => {
    for (const page of ['<html>', '\uFEFF <!DOCTYPE  html>', '<!-- a --><!-- b -->\n<head>', '  <BODY class="x">']) expect(isWebPage(page), page).to.equal(true);
    for (const other of ['', '<!-- a -->', '<!-- a <html>', '<?xml version="1.0"?><html-file/>', '<!DOCTYPE x><a/>', '<heading/>', '%PDF-1.4', '<!-- a --> <a/>']) expect(isWebPage(other), other).to.equal(false);
  });

  it('hundreds of comments cost no time: a file of a few hundred bytes must not hold the process up for years', () => {
    const comments = '<!---->'.repeat(400);
    expect(isWebPage(`${comments}x`)).to.equal(false);
    expect(isWebPage(`${comments}<html>`)).to.equal(true);
  }).timeout(5_000);
});

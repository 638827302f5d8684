import { expect } from 'chai';
import fs from 'node:fs';
import { createWsdlDocument, publicBaseOf } from '../../../src/soap/wsdl-document.js';
import type { AddressSources } from '../../../src/soap/wsdl-document.js';
import { wsdlFile } from './read-message.js';

const text = fs.readFileSync(wsdlFile, 'utf8');

describe('the WSDL under its public address', () => {
  const render = createWsdlDocument(text);

  it('soap:address and every soapAction carry the base; nothing else changes', () => {
    const served = render('https://relais.example.be/town');
    expect(served).to.include('<soap:address location="https://relais.example.be/town/ws4pm"/>');
    expect(served).to.include('soapAction="https://relais.example.be/town/createItem"');
    expect(served.match(/soapAction="https:\/\/relais\.example\.be\/town\/\w+"/g)).to.have.length(10);
    expect(served).to.not.match(/(?:soapAction|location)="http:\/\/localhost/);
    expect(served.replaceAll('="https://relais.example.be/town', '="http://localhost:8080')).to.equal(text);
  });

  it('the same file for the address that it has', () => {
    expect(render('http://localhost:8080')).to.equal(text);
  });

  it('characters of XML are escaped', () => {
    expect(render('http://a/?x="&<')).to.include('location="http://a/?x=&quot;&amp;&lt;/ws4pm"');
  });
});

describe('the public address', () => {
  const sources = (change: Partial<AddressSources>): AddressSources => (
    { publicUrl: undefined, headers: { host: 'inside:8080' }, isTrustedProxy: false, isTls: false, path: '', listening: '127.0.0.1:8080', ...change });
  const forwarded = { 'host': 'inside:8080', 'x-forwarded-proto': 'https', 'x-forwarded-host': 'relais.example.be', 'x-forwarded-prefix': '/soap/' };

  it('is the configured one, whatever the headers say', () => {
    expect(publicBaseOf(sources({ publicUrl: 'https://relais.example.be/', headers: forwarded, isTrustedProxy: true }))).to.equal('https://relais.example.be');
    expect(publicBaseOf(sources({ publicUrl: 'https://relais.example.be/x', path: '/liege' }))).to.equal('https://relais.example.be/x/liege');
  });

  it('is what a trusted proxy forwards', () => {
    expect(publicBaseOf(sources({ headers: forwarded, isTrustedProxy: true, path: '/liege' }))).to.equal('https://relais.example.be/soap/liege');
    expect(publicBaseOf(sources({ headers: { ...forwarded, 'x-forwarded-host': 'first.example.be, second', 'x-forwarded-proto': 'HTTPS,http' }, isTrustedProxy: true }))).to.equal('https://first.example.be/soap');
  });

  it('is the Host header for anybody else', () => {
    expect(publicBaseOf(sources({ headers: forwarded }))).to.equal('http://inside:8080');
    expect(publicBaseOf(sources({ isTls: true }))).to.equal('https://inside:8080');
    expect(publicBaseOf(sources({ headers: { host: '[::1]:8080' } }))).to.equal('http://[::1]:8080');
  });

  it('is never an implausible host, scheme or prefix', () => {
    for (const host of ['', 'a b', 'a/b', 'evil.example/?', 'user@evil', 'a"b', '-a', 'a:123456', 'a'.repeat(300)]) {
      expect(publicBaseOf(sources({ headers: { host } })), host).to.equal('http://127.0.0.1:8080');
      expect(publicBaseOf(sources({ headers: { ...forwarded, 'x-forwarded-host': host }, isTrustedProxy: true })), host).to.equal('https://inside:8080/soap');
    }
    const odd = { ...forwarded, 'x-forwarded-proto': 'javascript', 'x-forwarded-prefix': '//evil.example' };
    expect(publicBaseOf(sources({ headers: odd, isTrustedProxy: true }))).to.equal('http://relais.example.be');
  });
});

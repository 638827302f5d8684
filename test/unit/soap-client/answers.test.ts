import { expect } from 'chai';
import { Misconfigured, NotSent, OutcomeUnknown } from '../../../src/connector-api/failures.js';
import { SoapFault } from '../../../src/soap-client/soap-fault.js';
import { envelope, failureOf, reply, soapPartner, xml, type Respond, type SoapPartner } from './soap-partner.js';

const SOAP_12 = 'http://www.w3.org/2003/05/soap-envelope';

describe('what a SOAP service may answer', () => {
  const open: SoapPartner[] = [];
  afterEach(async () => { await Promise.all(open.splice(0).map((partner) => partner.close())); });

  const thrownFor = async (respond: Respond): Promise<Error> => {
    const partner = await soapPartner(respond);
    open.push(partner);
    return failureOf(partner.client().call('GetDossier', 'd-1'));
  };

  const fault11 = envelope('<S:Fault><faultcode>S:Server</faultcode><faultstring xml:lang="fr">Le  dossier\n d-1 est introuvable</faultstring><detail><e:cause xmlns:e="urn:e"><e:a>java.lang</e:a><e:b>Boom</e:b></e:cause></detail></S:Fault>');
  const fault12 = `<e:Envelope xmlns:e="${SOAP_12}"><e:Body><e:Fault><e:Code><e:Value>e:Receiver</e:Value><e:Subcode><e:Value>x:y</e:Value></e:Subcode></e:Code><e:Reason><e:Text>Introuvable</e:Text></e:Reason></e:Fault></e:Body></e:Envelope>`;

  for (const status of [200, 400, 500, 503]) {
    it(`a fault with status ${status}`, async () => {
      const failure = await thrownFor(xml(fault11, 'text/xml', status));
      expect(failure).to.be.instanceOf(SoapFault).and.deep.include({ code: 'Server', text: 'Le dossier d-1 est introuvable', detail: 'java.lang Boom' });
      expect(failure.message).to.match(/^http:\/\/127\.0\.0\.1:\d+ answered with a fault \(Server\): Le dossier d-1 est introuvable$/);
    });
  }

  it('a fault in the shape of SOAP 1.2', async () => {
    expect(await thrownFor(xml(fault12, 'application/soap+xml', 500))).to.be.instanceOf(SoapFault).and.deep.include({ code: 'Receiver', text: 'Introuvable', detail: '' });
  });

  it('a fault in a multipart message', async () => {
    const body = `--b\r\nContent-Type: application/xop+xml\r\n\r\n${fault11}\r\n--b--`;
    expect(await thrownFor(xml(body, 'multipart/related; type="application/xop+xml"; boundary=b', 500))).to.be.instanceOf(SoapFault).with.property('code', 'Server');
  });

  it('a fault that says nothing', async () => {
    expect((await thrownFor(xml(envelope('<S:Fault/>'), 'text/xml', 500))).message).to.include('answered with a fault (no code): it gave no reason');
  });

  it('a fault is no answer even where its detail looks like one', async () => {
    expect(await thrownFor(xml(envelope('<S:Fault><detail><GetDossierResponse/></detail></S:Fault>')))).to.be.instanceOf(SoapFault);
  });

  const page = '<!DOCTYPE html><html><head><title>502</title></head><body><h1>Bad Gateway</h1></body></html>';
  const statuses: readonly (readonly [number, string, string, abstract new (...parts: never[]) => Error, string])[] = [
    [401, 'text/html', page, Misconfigured, 'answered 401'],
    [403, 'text/xml', fault11, Misconfigured, 'answered 403'],
    [404, 'text/html', page, Misconfigured, 'answered 404'],
    [302, 'text/html', '', Misconfigured, 'It sends requests elsewhere'],
    [413, 'text/html', '', Error, 'answered 413'],
    [429, 'text/plain', 'doucement', NotSent, 'doucement'],
    [500, 'text/html', page, OutcomeUnknown, 'answered 500: 502 Bad Gateway'],
    [500, 'text/xml', reply('GetDossier', '<DossierID>d-1</DossierID>'), OutcomeUnknown, 'answered 500'],
    [502, 'text/html', page, OutcomeUnknown, 'Bad Gateway'],
    [503, 'text/html', page, NotSent, 'answered 503'],
    [504, 'text/html', page, OutcomeUnknown, 'answered 504'],
    [200, 'text/html', page, OutcomeUnknown, '«text/html» in place of SOAP: 502 Bad Gateway'],
    [200, 'text/plain', '', OutcomeUnknown, '«text/plain» in place of SOAP.'],
    [200, 'text/xml', page, OutcomeUnknown, 'cannot be used: it holds a DOCTYPE'],
    [204, 'text/xml', '', OutcomeUnknown, 'cannot be used: it is not well-formed XML'],
  ];
  for (const [status, type, body, kind, words] of statuses) {
    it(`${status} with ${type}${body === '' ? ', empty' : ''} is ${kind.name}`, async () => {
      const failure = await thrownFor(xml(body, type, status));
      expect(failure).to.be.instanceOf(kind).and.not.instanceOf(SoapFault);
      expect(failure.message).to.include(words);
    });
  }

  it('a wait that the service asks for', async () => {
    const failure = await thrownFor((response) => response.writeHead(503, { 'retry-after': '120' }).end());
    expect(failure).to.be.instanceOf(NotSent).with.property('retryAfterMs', 120_000);
  });

  const text = reply('GetDossier', `<DocPrincipal>${Buffer.alloc(90_000).toString('base64')}</DocPrincipal>`);
  for (const [how, headers] of [['less than its length', { 'content-length': String(text.length) }], ['chunks without an end', {}]] as const) {
    it(`an answer that is cut: ${how}`, async () => {
      const failure = await thrownFor((response) => {
        response.writeHead(200, { 'content-type': 'text/xml', ...headers }).write(text.slice(0, -50_000), () => response.destroy());
      });
      expect(failure).to.be.instanceOf(OutcomeUnknown);
      expect(failure.message).to.include('cannot be used: it was cut');
    });
  }

  it('nothing at all', async () => {
    expect(await thrownFor((response) => response.destroy())).to.be.instanceOf(OutcomeUnknown);
  });

  it('an answer that is given up when the attempt ends', async () => {
    const stop = new AbortController();
    const partner = await soapPartner((response) => {
      response.writeHead(200, { 'content-type': 'text/xml' }).write(text.slice(0, 1_000), () => stop.abort(new Error('Relais stops')));
    });
    open.push(partner);
    expect(await failureOf(partner.client('plain', { signal: stop.signal }).call('GetDossier', 'd-1'))).to.be.instanceOf(OutcomeUnknown);
  });
});

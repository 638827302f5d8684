import { expect } from 'chai';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { loadServiceModel } from '../../../src/soap/service-model.js';
import { loadWsdlModel, type Field, type StructType, type WsdlModel } from '../../../src/soap/wsdl-model.js';

const iparapheur = path.resolve(import.meta.dirname, '../../../wsdl/iparapheur.wsdl');
const PH = 'http://www.adullact.org/spring-ws/iparapheur/1.0';

const SERVICE = '<w:service name="S"><w:port name="Q" binding="a:B"><h:address location="http://localhost/"/></w:port></w:service>';

const within = (field: Field, ...names: string[]): Field => names.reduce((at, name) => (at.type as StructType).byName.get(name)!, field);
const thrownBy = (work: Promise<unknown>): Promise<string> => work.then(() => 'it was read', (error: unknown) => (error as Error).message);

describe('loadWsdlModel', () => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'relais-wsdl-'));
  after(() => fs.rmSync(folder, { recursive: true }));

  /** A WSDL with one operation; the request is of a schema that uses another one. */
  function written(types: string, other = '', service = SERVICE): Promise<WsdlModel> {
    const file = path.join(folder, 'some.wsdl');
    fs.writeFileSync(file, `<w:definitions targetNamespace="urn:a" xmlns:a="urn:a" xmlns:b="urn:b" xmlns:w="http://schemas.xmlsoap.org/wsdl/" xmlns:h="http://schemas.xmlsoap.org/wsdl/soap/" xmlns:s="http://www.w3.org/2001/XMLSchema"><w:types>
      <s:schema targetNamespace="urn:b">${other}</s:schema><s:schema targetNamespace="urn:a" elementFormDefault="qualified">${types}<s:element name="out" type="s:string"/></s:schema></w:types>
      <w:message name="i"><w:part name="p" element="a:in"/></w:message><w:message name="o"><w:part name="p" element="a:out"/></w:message>
      <w:portType name="P"><w:operation name="go"><w:input message="a:i"/><w:output message="a:o"/></w:operation></w:portType>
      <w:binding name="B" type="a:P"><h:binding style="document" transport="http://schemas.xmlsoap.org/soap/http"/><w:operation name="go"><w:input><h:body use="literal"/></w:input><w:output><h:body use="literal"/></w:output></w:operation></w:binding>
      ${service}</w:definitions>`);
    return loadWsdlModel(file);
  }

  it('reads the contract of the signature book', async () => {
    const { targetNamespace, operations } = await loadWsdlModel(iparapheur);
    expect(targetNamespace).to.equal(PH);
    expect([...operations.keys()]).to.deep.equal(['echo', 'GetListeTypes', 'GetListeSousTypes', 'GetCircuit', 'GetListeMetaDonnees', 'GetMetaDonneesRequisesPourTypeSoustype',
      'CreerDossier', 'GetDossier', 'GetHistoDossier', 'RechercherDossiers', 'ArchiverDossier', 'EffacerDossierRejete', 'ExercerDroitRemordDossier', 'ForcerEtape']);
    const { request, response } = operations.get('CreerDossier')!;
    expect(request).to.deep.include({ name: 'CreerDossierRequest', namespace: PH, required: true, nillable: false });
    expect(within(request, 'DocumentPrincipal')).to.include({ type: 'base64Binary', hasContentType: true, required: true, nillable: false, namespace: PH });
    expect(within(request, 'VisuelPDF')).to.include({ type: 'base64Binary', hasContentType: true, required: true, nillable: true });
    expect(within(request, 'DocumentsSupplementaires', 'DocAnnexe', 'signature')).to.include({ type: 'base64Binary', required: false });
    expect(within(request, 'DocumentsAnnexes', 'DocAnnexe')).to.include({ repeatable: true, required: false });
    expect(within(response, 'MessageRetour', 'codeRetour')).to.include({ type: 'string', required: true });
    expect(operations.get('GetListeTypes')?.request.type).to.equal('any');
    expect(operations.get('GetHistoDossier')?.request).to.include({ type: 'string', nillable: true });
    expect(within(operations.get('RechercherDossiers')!.request, 'NombreDossiers')).to.include({ type: 'number', required: false });
  });

  it('reads types of several schemas, each with its own form', async () => {
    const { operations } = await written('<s:element name="in"><s:complexType><s:all><s:element name="x" type="b:T"/><s:element name="y" form="unqualified" type="b:Code"/></s:all></s:complexType></s:element>',
      '<s:complexType name="T"><s:sequence><s:element name="again" type="b:T" minOccurs="0"/><s:element name="n" type="s:int"/></s:sequence></s:complexType><s:simpleType name="Code"><s:restriction base="s:token"/></s:simpleType>');
    const { request, response } = operations.get('go')!;
    expect(within(request, 'x')).to.include({ namespace: 'urn:a' });
    expect(within(request, 'x', 'n')).to.include({ namespace: '', type: 'number' });
    expect(within(request, 'x', 'again', 'again').type).to.equal(within(request, 'x').type);
    expect(within(request, 'y')).to.include({ namespace: '', type: 'string' });
    expect(response).to.include({ name: 'out', type: 'string', namespace: 'urn:a' });
  });

  it('tells bytes that say what they are from bytes that do not', async () => {
    const bytes = (attribute: string) => written(`<s:element name="in"><s:complexType><s:simpleContent><s:extension base="s:base64Binary">${attribute}</s:extension></s:simpleContent></s:complexType></s:element>`);
    expect((await bytes('')).operations.get('go')?.request).to.include({ type: 'base64Binary', hasContentType: false });
    expect((await bytes('<s:attribute ref="x:contentType" xmlns:x="http://www.w3.org/2005/05/xmlmime"/>')).operations.get('go')?.request).to.include({ hasContentType: true });
    expect((await bytes('<s:attribute ref="b:contentType"/>')).operations.get('go')?.request).to.include({ hasContentType: false });
  });

  it('refuses what would not be written rightly, by name', async () => {
    expect(await thrownBy(written('<s:element name="other" type="s:string"/>'))).to.include('element i of urn:a is not declared');
    expect(await thrownBy(written('<s:element name="in" type="s:string"/>', '', ''))).to.include('no service with an operation');
    expect(await thrownBy(written('<s:element name="in" type="b:None"/>'))).to.include('type b:None is not declared');
    expect(await thrownBy(written('<s:element name="in" type="s:hexBinary"/>'))).to.include('type s:hexBinary is not supported');
    expect(await thrownBy(written('<s:element name="in"><s:complexType><s:sequence><s:element ref="a:out"/></s:sequence></s:complexType></s:element>'))).to.include('ref="a:out"');
    expect(await thrownBy(written('<s:element name="in"><s:complexType><s:complexContent/></s:complexType></s:element>'))).to.include('is a complexContent');
  });

  it('is no service of ours where a message is no struct', async () => {
    expect(await thrownBy(loadServiceModel(iparapheur))).to.include('element echoRequest is not a sequence');
  });
});

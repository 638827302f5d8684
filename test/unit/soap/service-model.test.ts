import { expect } from 'chai';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { RelaisError } from '../../../src/errors.js';
import { loadServiceModel } from '../../../src/soap/service-model.js';
import type { Field, StructType } from '../../../src/soap/service-model.js';
import { model, wsdlFile } from './read-message.js';

const fieldOf = (type: StructType, ...names: string[]): Field => {
  const field = type.byName.get(names[0] ?? '')!;
  return names.length === 1 ? field : fieldOf(field.type as StructType, ...names.slice(1));
};

describe('loadServiceModel', () => {
  it('has the operations by their request elements', () => {
    expect(model.targetNamespace).to.equal('http://ws4pm.imio.be');
    expect([...model.operations.keys()]).to.deep.equal([
      'testConnectionRequest', 'checkIsLinkedRequest', 'getConfigInfosRequest', 'getUserInfosRequest', 'getItemInfosRequest',
      'getSingleItemInfosRequest', 'getItemTemplateRequest', 'searchItemsRequest', 'meetingsAcceptingItemsRequest', 'createItemRequest',
    ]);
    expect(model.operations.get('createItemRequest')).to.include({ name: 'createItem', responseElement: 'createItemResponse' });
  });

  it('has types, occurrence and defaults', () => {
    const { input } = model.operations.get('createItemRequest')!;
    expect(fieldOf(input, 'cleanHtml')).to.deep.equal({ name: 'cleanHtml', namespace: '', type: 'boolean', hasContentType: false, required: true, nillable: false, repeatable: false, default: '1' });
    expect(fieldOf(input, 'wfTransitions')).to.include({ type: 'string', required: false, repeatable: true });
    expect(fieldOf(input, 'creationData', 'annexes')).to.include({ required: false, repeatable: true });
    expect(fieldOf(input, 'creationData', 'annexes', 'file')).to.include({ type: 'base64Binary', required: false, repeatable: false });
    expect((fieldOf(input, 'creationData').type as StructType).fields.map((field) => field.name).slice(0, 3)).to.deep.equal(['title', 'category', 'description']);
  });

  it('reads anonymous response types and anyType', () => {
    const { output } = model.operations.get('getSingleItemInfosRequest')!;
    expect(fieldOf(output, 'extraInfos').type).to.equal('any');
    expect(fieldOf(output, 'meeting_date')).to.include({ type: 'dateTime', required: true });
  });

  it('refuses what it could not read or write rightly', async () => {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'relais-model-'));
    const text = fs.readFileSync(wsdlFile, 'utf8');
    const changes: readonly (readonly [string, string, string])[] = [
      ['name="UID" type="xsd:string"', 'name="UID" type="xsd:hexBinary"', 'xsd:hexBinary'],
      ['type="ws4pm:ExtraAttr"', 'type="ws4pm:Nothing"', 'ws4pm:Nothing'],
      ['<xsd:complexType name="BasicInfo">\n        <xsd:sequence>', '<xsd:complexType name="BasicInfo">\n        <xsd:choice>', 'choice'],
    ];
    try {
      for (const [from, to, named] of changes) {
        const file = path.join(folder, 'changed.wsdl');
        const changed = text.replace(from, to);
        fs.writeFileSync(file, to.includes('choice') ? changed.replace(/(<xsd:choice>[^]*?)<\/xsd:sequence>/, '$1</xsd:choice>') : changed);
        const error: unknown = await loadServiceModel(file).then(() => undefined, (failure: unknown) => failure);
        expect(error).to.be.instanceOf(RelaisError);
        expect((error as RelaisError).message).to.include(named);
      }
      expect(await loadServiceModel(path.join(folder, 'none.wsdl')).then(() => 'read', (failure: unknown) => (failure as RelaisError).code)).to.equal('RELAIS_INTERNAL');
    } finally {
      fs.rmSync(folder, { recursive: true });
    }
  });
});

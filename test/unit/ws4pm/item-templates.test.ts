import { expect } from 'chai';
import type { DocumentTemplate } from '../../../src/domain/meeting-config.js';
import { RelaisError } from '../../../src/errors.js';
import type { RequestStruct } from '../../../src/soap/service.js';
import { getItemInfosOperation } from '../../../src/ws4pm/get-item-infos.js';
import { getItemTemplateOperation } from '../../../src/ws4pm/get-item-template.js';
import { all, bytes, call, readingContext, refused, type Reading } from '../../support/reading.js';
import { MEETINGS, PLAIN, sampleAuthority, VENDORS, withConfig } from '../../support/sample-authority.js';
import { sampleAnnex, sampleItem } from '../../support/sample-item.js';
import { wsdlChildren } from '../../support/wsdl-types.js';

function template(id: string, change: Partial<DocumentTemplate> = {}): DocumentTemplate {
  return { id, title: `Modèle ${id}`, formats: ['docx'], sourceFile: '/etc/relais/templates/Point.docx', appliesTo: 'item', enabled: true, states: [], ...change };
}

const authority = withConfig(sampleAuthority({ language: 'fr' }), PLAIN, {
  templates: [
    template('itemTemplate', { formats: ['docx', 'pdf'] }),
    template('same-file'),
    template('agenda', { appliesTo: 'meeting' }),
    template('disabled', { enabled: false }),
    template('once-accepted', { states: ['accepted'] }),
  ],
});
const item = sampleItem({ title: 'Réfection de la rue Haute', decision: '<p>Oui</p>' });

const ask = (userId: string, request: RequestStruct, reading: Reading = {}) =>
  call(getItemTemplateOperation(readingContext({ authority, items: [item], ...reading })), userId, { itemUID: item.uid, templateId: 'itemTemplate__format__docx', ...request });

async function data(userId: string, request: RequestStruct = {}, reading: Reading = {}): Promise<Record<string, unknown>> {
  const answer = await ask(userId, request, reading);
  return JSON.parse((await bytes(answer['file'])).toString()) as Record<string, unknown>;
}

const listed = async (asked = item, showTemplates = true) => {
  const [info] = await all((await call(getItemInfosOperation(readingContext({ authority, items: [asked] })), 'creator1', { UID: asked.uid, showTemplates }))['itemInfo']);
  return all(info!['templates']);
};

describe('ws4pm getItemInfos: templates', () => {
  it('48 one entry for each template and format that can be made of the item, in the shape of the WSDL', async () => {
    const found = await listed();
    expect(Object.keys(found[0]!)).to.deep.equal(wsdlChildren('TemplateInfo').map((child) => child.name));
    expect(found[1]).to.deep.equal({ title: 'Modèle itemTemplate', templateFormat: 'pdf', templateId: 'itemTemplate__format__pdf', templateFilename: 'Point.docx' });
    expect(found.map((one) => one['templateId'])).to.deep.equal(['itemTemplate__format__docx', 'itemTemplate__format__pdf', 'same-file__format__docx']);
  });

  it('48 a template bound to states is listed in them, and none unless asked', async () => {
    const accepted = sampleItem({ reviewState: 'accepted' });
    expect((await listed(accepted)).map((one) => one['templateId'])).to.include('once-accepted__format__docx');
    expect(await listed(item, false)).to.deep.equal([]);
  });

  it('49 a template that uses the file of another tells the name of that file', async () => {
    expect((await listed())[2]).to.include({ templateFilename: 'Point.docx' });
  });
});

describe('ws4pm getItemTemplate', () => {
  it('72 an item that is not visible or unknown is refused', async () => {
    await refused(ask('creator2', {}), 'RELAIS_WS4PM_ITEM', item.uid);
    await refused(ask('creator1', { itemUID: 'unheard-of' }), 'RELAIS_WS4PM_ITEM', 'unheard-of');
    await refused(ask('creator1', { itemUID: undefined }), 'RELAIS_WS4PM_ITEM', 'itemUID');
  });

  it('73 so is a template of meetings, and every one that is not offered', async () => {
    for (const id of ['agenda', 'disabled', 'once-accepted', 'unheard-of']) {
      await refused(ask('creator1', { templateId: `${id}__format__docx` }), 'RELAIS_WS4PM_TEMPLATE', id);
    }
    await refused(ask('creator1', { templateId: undefined }), 'RELAIS_WS4PM_TEMPLATE', 'templateId');
  });

  it('74 the document is made of the item, in the format asked', async () => {
    expect(await data('creator1', { templateId: 'itemTemplate__format__pdf' })).to.include({
      sourceFile: '/etc/relais/templates/Point.docx', format: 'pdf', title: 'Réfection de la rue Haute', decisionHtml: '<p>Oui</p>',
      proposingOrganisation: 'Développeurs', category: 'Développeurs', creator: 'Créatrice Un', reviewState: 'Créé', meeting: '', createdOn: '1 mars 2027',
    });
  });

  it('74 dates are in the words and the time zone of the authority', async () => {
    const late = sampleItem({ createdAt: Date.UTC(2027, 6, 1, 22, 30), meeting: MEETINGS.frozen });
    const printed = await data('creator1', { itemUID: late.uid }, { items: [late] });
    expect(printed['createdOn']).to.equal('2 juillet 2027');
    expect(printed['meeting']).to.match(/22 mars 2027.*10:00/);
  });

  it('74 a template id without a format means the first one', async () => {
    expect(await data('creator1', { templateId: 'itemTemplate' })).to.include({ format: 'docx' });
  });

  it('74 what the reader may not see is not printed', async () => {
    const guarded = withConfig(authority, PLAIN, { hiddenDecisionText: '<p>En cours</p>', powerObservers: ['reviewer2'] });
    const decided = sampleItem({ reviewState: 'presented', meeting: MEETINGS.decided, decision: '<p>Oui</p>', annexes: [sampleAnnex('secret.pdf', { confidential: true }), sampleAnnex('plan.pdf')] });
    const printed = await data('reviewer2', { itemUID: decided.uid }, { authority: guarded, items: [decided] });
    expect(printed).to.deep.include({ decisionHtml: '<p>En cours</p>', annexes: [{ title: 'Annexe plan.pdf', filename: 'plan.pdf' }] });
  });

  it('75 a format that is not offered is refused with Exception, the format and the template', async () => {
    for (const format of ['odt', '']) {
      const answer = ask('creator1', { templateId: `itemTemplate__format__${format}` });
      await refused(answer, 'RELAIS_WS4PM_GENERATION', 'itemTemplate', format, 'docx, pdf');
      expect(await answer.catch((error: unknown) => (error as Error).message)).to.match(/^Exception/);
    }
  });

  it('75 so is a document that cannot be made, with the cause', async () => {
    const generate = () => Promise.reject(new RelaisError('RELAIS_WS4PM_GENERATION', 'Exception: the tag {titel} is not known'));
    const answer = ask('creator1', {}, { generate });
    await refused(answer, 'RELAIS_WS4PM_GENERATION', 'itemTemplate', 'docx', 'the tag {titel}');
    expect(await answer.catch((error: unknown) => (error as Error).message)).to.match(/^Exception(?!.*Exception)/);
  });

  it('75 and the cause is whole, even where it begins with a tag', async () => {
    const generate = () => Promise.reject(new RelaisError('RELAIS_WS4PM_GENERATION', 'Exception: {#annexes} of the template is never closed'));
    await refused(ask('creator1', {}, { generate }), 'RELAIS_WS4PM_GENERATION', '{#annexes} of the template');
  });

  it('75 a failure that is ours stays ours', async () => {
    const failure = new Error('disk');
    const answer = ask('creator1', {}, { generate: () => Promise.reject(failure) });
    expect(await answer.catch((error: unknown) => error)).to.equal(failure);
  });

  it('76 a creator may not act as oneself', async () => {
    await refused(ask('creator1', { inTheNameOf: 'creator1' }), 'RELAIS_WS4PM_ROLE', 'inTheNameOf');
  });

  it('77 a manager in the name of creator1 gets the document, and is the manager again afterwards', async () => {
    expect(await data('manager', { inTheNameOf: 'creator1' })).to.include({ title: 'Réfection de la rue Haute' });
    const theirs = sampleItem({ proposingOrganisation: VENDORS });
    expect(await data('manager', { itemUID: theirs.uid }, { items: [theirs] })).to.include({ title: theirs.title });
  });

  it('78 in the name of creator2, who cannot see it, the item is refused', async () => {
    await refused(ask('manager', { inTheNameOf: 'creator2' }), 'RELAIS_WS4PM_ITEM', 'creator2');
  });

  it('79 an unknown user is refused by that name', async () => {
    await refused(ask('manager', { inTheNameOf: 'nobody' }), 'RELAIS_WS4PM_USER', 'nobody');
  });
});

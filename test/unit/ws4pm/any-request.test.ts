import { expect } from 'chai';
import fc from 'fast-check';
import path from 'node:path';
import type { DocumentTemplate } from '../../../src/domain/meeting-config.js';
import { RelaisError } from '../../../src/errors.js';
import { faultOf } from '../../../src/soap/fault.js';
import { encodeReply, type ReplyPiece } from '../../../src/soap/reply-encoder.js';
import { loadServiceModel, type Field, type ServiceModel, type StructType } from '../../../src/soap/service-model.js';
import type { RequestStruct, RequestValue } from '../../../src/soap/service.js';
import { ws4pmOperations } from '../../../src/ws4pm/operations.js';
import { internalsIn } from '../../support/conformance-town.js';
import { staged } from '../../support/creating.js';
import { memoryIntake } from '../../support/memory-intake.js';
import { call, readingContext } from '../../support/reading.js';
import { CATEGORISED, DEVELOPERS, enabling, MEETINGS, PLAIN, sampleAuthority, VENDORS, withConfig } from '../../support/sample-authority.js';
import { sampleAnnex, sampleItem } from '../../support/sample-item.js';
import { wsdlMistakes } from '../../support/wsdl-mistakes.js';

const template: DocumentTemplate = { id: 'itemTemplate', title: 'Modèle', formats: ['docx', 'pdf'], sourceFile: '/etc/relais/templates/Point.docx', appliesTo: 'item', enabled: true, states: [] };
const authority = withConfig(enabling(sampleAuthority({ dates: 'local-as-utc' }), PLAIN, 'motivation', 'toDiscuss', 'associatedGroups', 'groupsInCharge'), PLAIN,
  { templates: [template], hiddenDecisionText: '<p>En cours</p>', usesAdvices: true });
const items = [
  sampleItem({ uid: 'first', title: 'Voirie', meeting: MEETINGS.decided, reviewState: 'presented', annexes: [sampleAnnex('plan.pdf')], extra: { notes: '<p>Note</p>' } }),
  sampleItem({ uid: 'second', title: 'Voirie & égouts \u0001\ud800 ]]>', configId: CATEGORISED, category: 'gone', preferredMeeting: 'gone', externalIdentifier: 'urb-1' }),
  sampleItem({ uid: 'third', configId: 'gone', proposingOrganisation: 'gone', reviewState: 'gone', creator: 'gone', meeting: 'gone' }),
];

/** Values that mean something somewhere, and values that mean nothing good anywhere. */
const texts = fc.oneof(
  fc.constantFrom(
    'creator1', 'manager', 'admin', 'newcomer', PLAIN, CATEGORISED, 'developers', DEVELOPERS, VENDORS, 'vendors', ...Object.values(MEETINGS), 'first', 'second', 'third', 'urb-1',
    'whatever', 'events', 'itemTemplate__format__pdf', 'itemTemplate__format__', 'Voirie', 'voirie OR (', 'v*', 'MeetingItemCollege', 'presented', 'propose', 'validate',
    'present', 'notes', 'privacy', 'plan.pdf', '<p>a<b></p>', '<p>b</p>',
  ),
  fc.constantFrom('__proto__', 'constructor', 'toString', 'hasOwnProperty', '../../..', '%00', '\u202e', ']]>', '&amp;', "' OR 1=1 --", '${env:HOME}', '{{title}}', '"', '*'),
  fc.string({ minLength: 1, maxLength: 30, unit: 'grapheme' }),
  fc.integer({ min: 200, max: 5000 }).map((length) => 'é'.repeat(length)),
);

/** Values that get a request past its checks often enough, by the name of the element. */
const LIKELY: Readonly<Record<string, readonly string[]>> = {
  UID: ['first', 'second', 'third'], itemUID: ['first', 'second'], templateId: ['itemTemplate', 'itemTemplate__format__pdf'], userId: ['creator1', 'manager'],
  meetingConfigId: [PLAIN, CATEGORISED], proposingGroupId: ['developers', DEVELOPERS], title: ['Un point', 'Voirie & égouts ]]>'], category: ['events'],
  preferredMeeting: ['whatever', MEETINGS.created], associatedGroups: [VENDORS], groupsInCharge: [DEVELOPERS], key: ['notes', 'internalNotes'],
  wfTransitions: ['propose', 'validate', 'present'],
};
/** Elements that mostly get a request refused. */
const UNLIKELY = ['inTheNameOf', 'optionalAdvisers', 'userToShowCategoriesFor', 'category', 'extraAttrs'];

/** What the reader may hand over for a type of the WSDL. */
function requests({ fields }: StructType): fc.Arbitrary<RequestStruct> {
  const values = Object.fromEntries(fields.map((field) => [field.name, valuesOf(field)]));
  return fc.record(values);
}

function valuesOf(field: Field): fc.Arbitrary<RequestValue> {
  const likely = LIKELY[field.name];
  const one = likely === undefined ? singleValuesOf(field) : fc.oneof({ weight: 12, arbitrary: fc.constantFrom(...likely) }, { weight: 1, arbitrary: singleValuesOf(field) });
  const seldom = UNLIKELY.includes(field.name);
  if (field.repeatable) return fc.array(one, { maxLength: seldom ? 1 : 3 });
  return fc.option(one, { nil: undefined, freq: seldom ? 1 : 12 });
}

function singleValuesOf({ type }: Field): fc.Arbitrary<RequestValue> {
  if (typeof type !== 'string') return requests(type);
  if (type === 'boolean') return fc.boolean();
  if (type === 'base64Binary') return fc.oneof(fc.constantFrom('', '%PDF-1.4', 'texte', '\0\u0001'), fc.string()).map((content) => staged(content));
  return texts;
}

async function written(pieces: readonly ReplyPiece[]): Promise<string> {
  let text = '';
  for (const piece of pieces) {
    if (typeof piece === 'string') text += piece;
    else if ('elements' in piece) for await (const element of piece.elements) text += await written(piece.encode(element));
    else for await (const chunk of piece.binary.stream()) text += (chunk as Buffer).toString('base64');
  }
  return text;
}

describe('ws4pm: any request', function () {
  this.timeout(60_000);
  let model: ServiceModel;
  before(async () => { model = await loadServiceModel(path.resolve(import.meta.dirname, '../../../wsdl/ws4pm.wsdl')); });

  for (const name of ws4pmOperations(readingContext()).keys()) {
    it(`${name} replies as the WSDL declares, or refuses, and shows nothing of the inside`, async () => {
      const operation = [...model.operations.values()].find((one) => one.name === name)!;
      let ids = 0;
      const reading = readingContext({ authority, items });
      const handled = ws4pmOperations({
        ...reading, intake: memoryIntake(), blobs: { ...reading.blobs, keep: () => Promise.resolve() },
        newId: () => { ids += 1; return String(ids).padStart(32, '0'); },
      }).get(name)!;
      let replies = 0;
      await fc.assert(fc.asyncProperty(fc.constantFrom('creator1', 'creator1', 'manager', 'manager', 'admin', 'newcomer'), requests(operation.input), async (user, request) => {
        const outcome = await call(handled, user, request).catch((error: unknown) => error as Error);
        if (outcome instanceof Error) {
          expect(outcome).to.be.instanceOf(RelaisError).and.have.property('blame', 'caller');
          const { text } = faultOf(outcome, 'correlation');
          expect(text.length, text).to.be.within(10, 2000 + 20 * 210);
          expect(internalsIn(text), text).to.equal(undefined);
          return;
        }
        const reply = await written(encodeReply(operation, model.targetNamespace, outcome));
        expect(wsdlMistakes(name, reply)).to.deep.equal([]);
        expect(internalsIn(reply), reply).to.equal(undefined);
        replies += 1;
      }), { numRuns: 300 });
      expect(replies, 'requests that were answered').to.be.greaterThan(0);
    });
  }
});

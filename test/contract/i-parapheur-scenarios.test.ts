import { expect } from 'chai';
import { iParapheurSettings } from '../../connectors/i-parapheur/config.js';
import { iParapheur } from '../../connectors/i-parapheur/index.js';
import { openSimulator, type ParapheurSimulator, type ParapheurSimulatorOptions } from '../../connectors/i-parapheur/simulator.js';
import type { Receipt, Submission, Tracking } from '../../src/connector-api/connector.js';
import { isFailure } from '../../src/connector-api/failures.js';
import type { Annex } from '../../src/domain/item.js';
import { createOutboundHttp } from '../../src/outbound/create-outbound-http.js';
import { makePdf } from '../../src/signature-desk/make-pdf.js';
import { sampleItem } from '../support/sample-item.js';
import { scriptedParapheur } from '../support/scripted-parapheur.js';

const DECISION = makePdf(['Le collège décide']);
const PLAN = makePdf(['Plan']);
const MAP = makePdf(['Carte']);
const PES = Buffer.from('<?xml version="1.0" encoding="ISO-8859-1"?>\n<n:PES_Aller xmlns:n="http://www.minefi.gouv.fr/cp/helios/pes_v2/Rev0/aller"><PES_DepenseAller><Bordereau Id="b1"><Objet V="\u00e9t\u00e9"/></Bordereau></PES_DepenseAller></n:PES_Aller>', 'latin1');

/** A folder in the simulated service, over real HTTP: on both ports, both ways of versions. */
for (const kind of [{ version: '5', files: 'mtom' }, { version: '4.7', files: 'plain' }] as const) {
  describe(`a folder in the simulated i-Parapheur ${kind.version} (${kind.files})`, () => {
    const outbound = createOutboundHttp();
    let simulator: ParapheurSimulator;
    beforeEach(async () => { simulator = await openSimulator(kind satisfies ParapheurSimulatorOptions); });
    afterEach(() => simulator.close());
    after(() => outbound.close());

    interface Given {
      readonly type?: readonly [string, string];
      readonly settings?: Readonly<Record<string, unknown>>;
      readonly fields?: Submission['fields'];
      readonly title?: string;
      readonly files?: Readonly<Record<string, Buffer>>;
    }

    function open({ type = ['Délibérations', 'College'], settings = {}, fields = {}, title = 'Réfection de la rue Haute', files = { 'décision.pdf': DECISION } }: Given = {}) {
      const book = scriptedParapheur();
      const used = iParapheurSettings.parse({ ...simulator.settings, type: type[0], subtype: type[1], ...settings });
      const context = { ...book.context, http: outbound.callFor(book.context.signal) };
      const annexes: Annex[] = Object.entries(files).map(([name, content]) => book.annex(name, content, name.endsWith('.xml') ? 'application/xml' : 'application/pdf'));
      const submission: Submission = { key: 'delivery-1', operation: 'sign', item: sampleItem({ title, annexes }), fields, results: {} };
      const state: { receipt: Receipt | undefined } = { receipt: undefined };

      async function failed(work: Promise<unknown>): Promise<string> {
        const error = await work.then((value) => value, (thrown: unknown) => thrown);
        return isFailure(error) ? `${error.kind}: ${error.message}` : `no failure: ${JSON.stringify(error)}`;
      }

      async function send(): Promise<Receipt> {
        state.receipt = await iParapheur.submit(submission, used, context);
        return state.receipt;
      }

      async function track(): Promise<Tracking> {
        const { receipt } = state;
        const tracking = await iParapheur.track!(JSON.parse(JSON.stringify(receipt)) as Receipt, { ...submission, fields: {} }, used, context);
        if (tracking.state === 'pending' && tracking.data !== undefined) state.receipt = { ...receipt!, data: tracking.data };
        return tracking;
      }

      return {
        book, send, track, failed,
        probe: async () => {
          const probed = await iParapheur.probe(submission, used, context);
          if (typeof probed === 'object') state.receipt = probed.found;
          return probed;
        },
        cancel: () => iParapheur.cancel!(state.receipt!, submission, used, context),
      };
    }

    function idOf({ reference }: Receipt): string {
      return reference;
    }

    function roles({ results }: Tracking): readonly (string | undefined)[] {
      return (results?.documents ?? []).map(({ role }) => role);
    }

    it('a visa is no signature; after the signature it comes back verified, then it is put away', async () => {
      const { send, track } = open({ settings: { afterwards: 'delete' } });
      const id = idOf(await send());
      expect((await track()).state).to.equal('pending');
      await simulator.desk.act(id, { do: 'visa' });
      expect((await track()).state).to.equal('pending');
      await simulator.desk.act(id, { do: 'sign' });

      const tracking = await track();
      expect(roles(tracking)).to.deep.equal(['signed-document', 'circulation-slip']);
      expect(tracking.results?.fields).to.include({ signature: 'verified', status: 'Archive' });
      expect(String(tracking.results?.fields?.['actors'])).to.include('Jeanne Dupont: Signe');
      expect(simulator.desk.find(id), 'it is still there').to.not.equal(undefined);
      expect(await track()).to.deep.equal({ state: 'done' });
      expect(simulator.desk.find(id)).to.equal(undefined);
    });

    it('a detached signature', async () => {
      const { send, track } = open({ type: ['Actes', 'Détachée'] });
      await simulator.desk.finish(idOf(await send()));
      const tracking = await track();
      expect(roles(tracking)).to.deep.equal(['detached-signature', 'circulation-slip']);
      expect(tracking.results?.fields).to.have.property('signature', 'verified');
    });

    it('a PES, signed by slip', async () => {
      const { send, track } = open({ type: ['PES', 'Bordereau'], fields: { mainDocument: 'pes.xml', visual: 'vue.pdf' }, files: { 'pes.xml': PES, 'vue.pdf': PLAN } });
      const id = idOf(await send());
      expect(simulator.desk.find(id)).to.have.property('xpath', '//Bordereau');
      await simulator.desk.finish(id);
      const tracking = await track();
      expect(roles(tracking)).to.deep.equal(['signed-document', 'circulation-slip']);
      expect(tracking.results?.fields).to.have.property('signature', 'verified');
    });

    it('a refusal brings who, when and why, and the slip', async () => {
      const { send, track } = open();
      await simulator.desk.act(idOf(await send()), { do: 'reject', reason: 'Montant > crédit & «été»' });
      const tracking = await track();
      expect(tracking).to.have.property('reason').that.matches(/^The visa was refused by Luc Martin on .* UTC: «Montant > crédit & «été»»\.$/);
      expect(roles(tracking)).to.deep.equal(['circulation-slip']);
    });

    it('504 after the folder was committed: found by the probe, once over there, and the title of 300 characters with it', async () => {
      const { send, probe, track, failed } = open({ title: `Délibération n° 12/2027 ${'é'.repeat(300)}` });
      simulator.mishaps.set('gateway-timeout');
      expect(await failed(send())).to.match(/^outcome-unknown: /);
      simulator.mishaps.clear();
      expect(await probe()).to.have.nested.property('found.state', 'sent');
      expect(simulator.desk.list()).to.have.length(1);
      expect(Array.from(simulator.desk.list()[0]!.title)).to.have.length(255);
      expect((await track()).state).to.equal('pending');
    });

    it('sent again after an answer that was lost: the same folder; with another content: parked', async () => {
      const { send, failed } = open();
      await send();
      expect(await send()).to.have.property('state', 'sent');
      expect(simulator.desk.list()).to.have.length(1);
      const [{ id, type, subtype, title, originals }] = simulator.desk.list() as [ReturnType<typeof simulator.desk.list>[0]];
      await simulator.desk.remove(id);
      const other = await simulator.desk.files.keep(asyncBytes(PLAN));
      await simulator.desk.create({ id, type, subtype, title, main: [{ ...originals[0]!, ...other }] });
      expect(await failed(send())).to.match(/^refused: .*another content/);
    });

    it('an answer without verdict, or without any message, is neither success nor refusal', async () => {
      for (const mishap of ['no-verdict', 'no-message', 'html', 'fault', 'cut', 'lost'] as const) {
        const { send, failed } = open();
        simulator.mishaps.set(mishap);
        expect(await failed(send()), mishap).to.match(/^outcome-unknown: /);
        simulator.mishaps.clear();
      }
    });

    it('annexes that come back swapped are known again', async () => {
      const { send, track } = open({ files: { 'décision.pdf': DECISION, 'plan.pdf': PLAN, 'carte.pdf': MAP } });
      await simulator.desk.finish(idOf(await send()));
      simulator.mishaps.set('swapped');
      expect(roles(await track())).to.deep.equal(['signed-document', 'circulation-slip']);
    });

    it('a signed file that differs from ours is told on the item', async () => {
      const { send, track } = open({ type: ['Courrier', 'Sortant'] });
      await simulator.desk.act(idOf(await send()), { do: 'sign', other: true });
      expect(String((await track()).results?.fields?.['signatureRemarks'])).to.include('differs from the one that was sent');
    });

    it('a type that is removed while a folder waits stops the next one, and not that one', async () => {
      const { send, track } = open();
      const id = idOf(await send());
      simulator.desk.removeType('Délibérations');
      expect((await track()).state).to.equal('pending');
      await simulator.desk.act(id, { do: 'visa' });
      const next = open();
      expect(await next.failed(next.send())).to.match(/^misconfigured: Field «type»: found «Délibérations»/);
    });

    it('a password that expires in the middle waits for an administrator; nothing is lost', async () => {
      const { send, track, failed } = open();
      await send();
      simulator.mishaps.set('password-expired');
      expect(await failed(track())).to.match(/^misconfigured: /);
      simulator.mishaps.clear();
      expect((await track()).state).to.equal('pending');
    });

    it('a folder that somebody deletes is given up after a day', async () => {
      const { send, track, failed, book } = open();
      await simulator.desk.remove(idOf(await send()));
      expect((await track()).state).to.equal('pending');
      book.pass(86_400_000);
      expect(await failed(track())).to.match(/^refused: i-Parapheur has not known folder/);
    });

    it('a status that was never seen before is reported and waited out', async () => {
      const { send, track, book } = open();
      await simulator.desk.act(idOf(await send()), { do: 'mark', status: 'EnCoursDeReflexion' });
      expect(await track()).to.have.property('note').that.includes('EnCoursDeReflexion');
      expect(book.logger.lines.map(({ level }) => level)).to.deep.equal(['warn']);
    });

    it('is taken back before anybody acted, and not after', async () => {
      const early = open();
      await early.send();
      expect(await early.cancel()).to.equal('cancelled');
      const late = open();
      await simulator.desk.act(idOf(await late.send()), { do: 'visa' });
      expect(await late.cancel()).to.equal('too-late');
    });
  });
}

async function* asyncBytes(bytes: Buffer): AsyncGenerator<Buffer> {
  yield await Promise.resolve(bytes);
}

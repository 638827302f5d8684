import { expect } from 'chai';
import fs from 'node:fs';
import path from 'node:path';
import type { ConnectorState } from '../../../src/domain/connector-state.js';
import type { Delivery } from '../../../src/domain/delivery.js';
import { ANNEX_ROLES } from '../../../src/domain/item.js';
import { describeStory } from '../../../src/history/describe-story.js';
import type { ItemStory } from '../../../src/history/store.js';
import { wordsOf } from '../../../src/history/words.js';
import { sampleDelivery } from '../../support/sample-delivery.js';
import { sampleAnnex, sampleItem } from '../../support/sample-item.js';

const at = Date.UTC(2027, 2, 1, 9);
const now = at + 3 * 86_400_000;
const HOUR = 3_600_000;

function delivery(change: Partial<Delivery> = {}): Delivery {
  return sampleDelivery({ id: 'd-1', step: 'depot', connector: 'ged', itemUid: 'u', leaseOwner: null, leaseUntil: null, stateSince: at, ...change });
}

function story(change: Partial<ItemStory> = {}): ItemStory {
  return {
    item: sampleItem({ uid: 'u', id: 'voirie', title: 'Voirie', source: 'ged', annexes: [sampleAnnex('a.pdf')] }),
    history: [
      { at: at + 500, actor: 'creator1', action: 'create_item_using_imio_pm_ws_soap', comment: '', fromState: null, toState: 'itemcreated' },
      { at: at + 1000, actor: 'creator1', action: 'propose', comment: 'vu', fromState: 'itemcreated', toState: 'proposed' },
    ],
    deliveries: [],
    journal: [{ authority: 'default', sequence: 1, at, actor: 'ged', item: 'u', event: 'item.accepted', data: { flow: 'college' }, hash: '' }],
    ...change,
  };
}

function french(deliveries: readonly Delivery[], timeZone?: string): string[] {
  return describeStory(story({ deliveries }), { language: 'fr', now, ...(timeZone === undefined ? {} : { timeZone }) });
}

describe('describeStory', () => {
  it('says in French where an item is and what happened, in the order of time and in the town\'s hour', () => {
    const retried = delivery({ state: 'ready', attempts: 2, dueAt: now + HOUR, markedAt: at, reason: 'le dossier ne répond pas' });
    expect(french([retried], 'Europe/Brussels')).to.deep.equal([
      '« Voirie » (u)',
      '  N\'a pas encore pu partir vers ged (étape depot) ; prochain essai : 04/03/2027 11:00:00.',
      '  le dossier ne répond pas',
      '  identifiant voirie, créé par creator1, reçu de ged',
      '  état : itemcreated, 1 annexe',
      '  étape depot (ged) : prête à partir, depuis 3 jours',
      '    le dossier ne répond pas',
      '    2 essais',
      '    prochain essai : 04/03/2027 11:00:00',
      '    un envoi a commencé : sa présence chez le destinataire sera vérifiée avant tout renvoi',
      '  01/03/2027 10:00:00  accepté et conservé (circuit college), par ged',
      '  01/03/2027 10:00:00  créé → itemcreated, par creator1',
      '  01/03/2027 10:00:01  propose → proposed (vu), par creator1',
    ]);
  });

  describe('of an item that another system decides on', () => {
    const forward = (change: Partial<Delivery>) => delivery({ id: 'f-1', step: 'forward', connector: 'pm', ...change });
    const beside = (change: Partial<Delivery> = {}) => delivery({ id: 's-1', step: 'sign', connector: 'parapheur', position: 1, state: 'waiting', ...change });
    const lines = (deliveries: readonly Delivery[], states: readonly ConnectorState[] = [], language: 'fr' | 'en' = 'fr') => {
      const told = describeStory(story({ deliveries }), { language, now, connectors: states });
      return told.slice(1, told.findIndex((line) => /^ {2}(identifiant|id) /.test(line))).map((line) => line.trim());
    };

    it('says that it is over there, and what goes on beside', () => {
      expect(lines([forward({ state: 'sent', remoteReference: 'pm-1', reason: 'En séance du 04/03/2027.' }), beside()])).to.deep.equal(['Transmis à pm, qui décide, il y a 3 jours.', 'En séance du 04/03/2027.']);
      expect(lines([forward({ state: 'sent' }), beside({ state: 'sent', dueAt: now + HOUR })], [], 'en')).to.deep.equal([
        'Forwarded to pm, which decides, 3 days ago.', 'Waits for the answer of parapheur (step sign) for 3 days. Next question: 04/03/2027 10:00:00.',
      ]);
      expect(french([forward({ state: 'sent', remoteReference: 'pm-1' })])).to.include('  étape remise (pm) : transmis, suivi là-bas, depuis 3 jours').and.to.include('    référence chez le destinataire : pm-1');
      expect(lines([forward({ state: 'done' }), beside({ state: 'done' })])).to.deep.equal(['Terminé : tout a été transmis.']);
    });

    it('says that it waits because that system is away, and since when', () => {
      const away = { authority: 'default', connector: 'pm', breaker: 'open', failures: 7, openedAt: now - 2 * HOUR, reason: 'it does not answer', canaryAt: now + HOUR, hold: null } as const;
      expect(lines([forward({ state: 'ready', dueAt: at }), beside()], [away])).to.deep.equal(['Le connecteur pm est suspendu depuis 2 heures : it does not answer', 'Il sera réessayé : 04/03/2027 10:00:00.']);
      expect(lines([forward({ state: 'ready', dueAt: now + HOUR, attempts: 1, reason: 'it does not answer' })])[0]).to.equal('N\'a pas encore pu partir vers pm (étape remise) ; prochain essai : 04/03/2027 10:00:00.');
    });

    it('says why it was refused, and what to do', () => {
      expect(lines([forward({ state: 'parked', reason: 'No such category.', fix: 'Add the category.' }), beside()], [], 'en')).to.deep.equal([
        'Stopped at step forwarding (pm) for 3 days: a person is needed.', 'No such category.', 'to do: Add the category.', 'then: relais deliveries retry f-1',
      ]);
    });

    it('says that it was withdrawn, and what goes on after that', () => {
      expect(lines([forward({ state: 'cancelled', reason: 'by mistake' }), beside({ state: 'cancelled' })])).to.deep.equal(['Retiré il y a 3 jours : les appelants ne le voient plus, et son identifiant externe n\'est plus lié.', 'by mistake']);
      expect(lines([forward({ state: 'rejected', reason: 'It was deleted over there.' }), beside({ role: 'return', step: 'tell', state: 'ready', dueAt: at })], [], 'en')).to.deep.equal([
        'Withdrawn 3 days ago: callers do not see it any more, and its external identifier links nothing.', 'It was deleted over there.', 'About to leave for parapheur (step tell).',
      ]);
      const again = [forward({ state: 'cancelled', reason: 'by mistake' }), forward({ id: 'f-2', state: 'sent' })];
      expect(lines(again)[0], 'sent again').to.equal('Transmis à pm, qui décide, il y a 3 jours.');
    });
  });

  it('says that the connector which it needs is stopped, by whom and what starts it again', () => {
    const held = { authority: 'default', connector: 'ged', breaker: 'closed', failures: 0, openedAt: null, reason: null, canaryAt: null, hold: { by: 'marie', at: now - HOUR, reason: 'travaux' } } as const;
    const lines = (states: readonly ConnectorState[], deliveries: readonly Delivery[], language: 'fr' | 'en' = 'fr') => describeStory(story({ deliveries }), { language, now, connectors: states }).slice(1, 4);
    expect(lines([held], [delivery({ state: 'ready', dueAt: at })]).slice(0, 2)).to.deep.equal([
      '  Le connecteur ged a été arrêté par marie, il y a 1 heure : travaux', '  puis : relais connectors release ged',
    ]);
    const open = { ...held, hold: null, breaker: 'open', openedAt: now - 2 * HOUR, reason: 'it does not answer', canaryAt: now + HOUR } as const;
    expect(lines([open], [delivery({ state: 'sent', dueAt: at })], 'en')).to.deep.equal([
      '  Waits for the answer of ged (step depot) for 3 days.', '  Connector ged has been suspended for 2 hours: it does not answer', '  It is tried again: 04/03/2027 10:00:00.',
    ]);
    expect(lines([{ ...open, connector: 'other' }], [delivery({ state: 'ready', dueAt: at })], 'en')[0]).to.equal('  About to leave for ged (step depot).');
  });

  it('shows the values that a step brought back, shortened, lists in one line and nothing of what is empty', () => {
    const results = { signature: 'verified', signedBy: ['CN=Jeanne', 'CN=Luc'], note: 'a\nb', long: 'x'.repeat(500), empty: '', nobody: [], blank: [' '], none: null };
    const lines = describeStory(story({ deliveries: [{ ...delivery({ state: 'done' }), results }] }), { language: 'en', now });
    expect(lines).to.include('    signature: verified').and.to.include('    signedBy: CN=Jeanne | CN=Luc').and.to.include('    note: a b').and.to.include(`    long: ${'x'.repeat(160)}…`);
    expect(lines.filter((line) => /^ {4}(empty|none)/.test(line))).to.deep.equal([]);
  });

  it('tells the reasons of the engine in the language of the story, and those of a connector line by line as they are', () => {
    const reasons = ['Nothing was rejected.', 'Step «treasury» was rejected.', 'The condition of step «sign» says no for this item.', 'Rejet partiel.\nBordereau 2 rejeté'];
    const entry = { authority: 'default', at, actor: 'relais', item: 'u', hash: '', sequence: 1, event: 'delivery.skipped' };
    const deliveries = reasons.map((reason) => delivery({ state: 'skipped', reason }));
    const lines = describeStory(story({ deliveries, journal: reasons.map((reason) => ({ ...entry, data: { reason } })), history: [] }), { language: 'fr', now });
    expect(lines).to.include.members(['    Rien n\'a été refusé.', '    L\'étape « treasury » a été refusée.', '    La condition de l\'étape « sign » l\'exclut pour ce point.', '    Rejet partiel.', '    Bordereau 2 rejeté']);
    expect(lines.slice(-4).map((line) => line.replace(/^.*étape sans objet /, ''))).to.deep.equal([
      '(Rien n\'a été refusé), par relais', '(L\'étape « treasury » a été refusée), par relais', '(La condition de l\'étape « sign » l\'exclut pour ce point), par relais', '(Rejet partiel. Bordereau 2 rejeté), par relais',
    ]);
    expect(describeStory(story({ deliveries }), { language: 'en', now })).to.include('    Nothing was rejected.');
  });

  it('tells in the language of the story why a system that decides does not have an item', () => {
    const deliveries = ['The item was deleted in PloneMeeting (https://pm.example).', 'PloneMeeting knows no user «jdoe». Create the user there, or name the right one in setting «users» of the connector, then retry.', 'Step «forward» was rejected.']
      .map((reason) => delivery({ state: 'parked', reason }));
    const lines = describeStory(story({ deliveries }), { language: 'fr', now });
    expect(lines).to.include.members([
      '    Le point a été supprimé dans PloneMeeting (https://pm.example).',
      '    PloneMeeting ne connaît pas l\'utilisateur « jdoe ». Créez-le là-bas, ou nommez le bon dans le réglage « users » du connecteur, puis relancez.',
      '    L\'étape « remise » a été refusée.',
    ]);
  });

  it('does not say twice what a reason says, nor what only names the creation', () => {
    const results = { verdict: 'rejected', summary: 'Rejet partiel.', rejected: ['Bordereau 2 rejeté', 'Bordereau 3 rejeté'], other: ['Bordereau 4 rejeté'] };
    const reason = 'Rejet partiel.\nBordereau 2 rejeté\nBordereau 3 rejeté';
    const created = { at, actor: 'finances', action: 'itemcreated', comment: 'itemcreated_comments', fromState: null, toState: 'itemcreated' };
    const changed = { authority: 'default', at, actor: 'finances', item: 'u', hash: '', sequence: 2, event: 'item.state-changed', data: { action: 'propose' } };
    const lines = describeStory(story({ deliveries: [{ ...delivery({ state: 'rejected', reason }), results }], history: [created], journal: [changed] }), { language: 'fr', now });
    expect(lines.join('\n')).to.not.include('changé');
    expect(lines.filter((line) => /^ {4}[a-z]+ : /.test(line))).to.deep.equal(['    verdict : rejected', '    other : Bordereau 4 rejeté']);
    expect(lines.at(-1)).to.match(/ {2}créé → itemcreated, par finances$/);
  });

  it('one that was not tried yet leaves later', () => {
    expect(french([delivery({ state: 'ready', attempts: 0, dueAt: now + HOUR, reason: 'attend' })], 'Europe/Brussels').slice(1, 3)).to.deep.equal([
      '  Partira plus tard vers ged (étape depot) : 04/03/2027 11:00:00.', '  attend',
    ]);
  });

  it('says it in English too', () => {
    const lines = describeStory(story({ deliveries: [delivery({ state: 'done', remoteReference: 'R-1' })] }), { language: 'en', now });
    expect(lines).to.include('  Finished: everything was delivered.').and.to.include('  step depot (ged): done').and.to.include('    reference on the other side: R-1');
  });

  it('a parked delivery comes first: why, what to do, the command', () => {
    const parked = delivery({ id: 'd-2', state: 'parked', reason: 'Pas de ligne pour « voirie ».', fix: 'relais.yaml:12  "voirie": <valeur>' });
    expect(french([delivery({ state: 'sent' }), parked]).slice(1, 5)).to.deep.equal([
      '  À l\'arrêt à l\'étape depot (ged) depuis 3 jours : une personne doit intervenir.',
      '  Pas de ligne pour « voirie ».',
      '  à faire : relais.yaml:12  "voirie": <valeur>',
      '  puis : relais deliveries retry d-2',
    ]);
  });

  it('a fix that says what to type is not followed by another command', () => {
    const unproved = delivery({ id: 'd-2', state: 'parked', reason: 'r', fix: 'If it is there: relais deliveries settle d-2 --reference X' });
    expect(french([unproved]).join('\n')).to.include('settle d-2').and.to.not.include('retry');
  });

  const whereItIs: readonly [string, Partial<Delivery>, string][] = [
    ['sent', { state: 'sent', dueAt: now + HOUR }, 'Attend la réponse de ged (étape depot) depuis 3 jours. Prochaine question : 04/03/2027 10:00:00.'],
    ['sending', { state: 'sending' }, 'En cours d\'envoi à ged (étape depot).'],
    ['ready', { state: 'ready' }, 'Sur le point de partir vers ged (étape depot).'],
    ['waiting', { state: 'waiting' }, 'L\'étape depot attend une décision ou un autre état du point.'],
    ['rejected', { state: 'rejected', stateSince: now - 2 * HOUR }, 'Refusé à l\'étape depot, il y a 2 heures.'],
    ['cancelled', { state: 'cancelled' }, 'Annulé : plus rien ne sera transmis.'],
  ];
  for (const [name, change, sentence] of whereItIs) {
    it(`one sentence for a delivery that is ${name}`, () => { expect(french([delivery(change)])[1]).to.equal(`  ${sentence}`); });
  }

  it('says when nothing is to be delivered, shows what came back, and events that it has no words for', () => {
    const entry = { authority: 'default', at, actor: 'x', item: 'u', hash: '' };
    const journal = [
      { ...entry, sequence: 1, event: 'item.new-event', data: { problem: 'why' } },
      { ...entry, sequence: 2, event: 'delivery.done', data: { step: 'sign', remoteReference: 'R', annexes: [{ filename: 'signed.pdf', sha256: '', role: 'signed-document' }], fields: ['signedAt'] } },
    ];
    const lines = describeStory(story({ journal, history: [] }), { language: 'fr', now });
    expect(lines[1]).to.equal('  Aucune transmission prévue : le point est conservé ici.');
    expect(lines.at(-2)).to.contain('item.new-event (why), par x');
    expect(lines.at(-1)).to.contain('étape terminée (sign, référence chez le destinataire : R, fichiers reçus : signed.pdf (document signé), valeurs reçues : signedAt), par x');
  });

  it('lists what steps brought back with what it is for', () => {
    const annexes = [sampleAnnex('a.pdf'), sampleAnnex('b.pdf', { role: 'circulation-slip' }), sampleAnnex('c.pdf', { role: 'constructor' })];
    const lines = describeStory(story({ item: { ...story().item, annexes } }), { language: 'en', now });
    expect(lines.slice(3, 6)).to.deep.equal(['  state: itemcreated, 3 annexes', '    b.pdf: circulation slip', '    c.pdf: constructor']);
  });

  it('has words in both languages for every role', () => {
    for (const language of ['fr', 'en'] as const) expect(Object.keys(wordsOf(language).roles)).to.have.members([...ANNEX_ROLES]);
  });

  it('has words in both languages for every event that the code writes', () => {
    const source = path.resolve(import.meta.dirname, '../../../src');
    const files = fs.readdirSync(source, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile() && entry.name.endsWith('.ts'));
    const text = files.map((entry) => fs.readFileSync(path.join(entry.parentPath, entry.name), 'utf8')).join('\n');
    const written = new Set([...text.matchAll(/event: '([a-z]+\.[a-z-]+)'/g)].map(([, name = '']) => name));
    expect(written.size).to.be.greaterThan(5);
    for (const language of ['fr', 'en'] as const) expect([...written].filter((event) => !Object.hasOwn(wordsOf(language).events, event)), language).to.deep.equal([]);
    expect(Object.keys(wordsOf('fr').events)).to.deep.equal(Object.keys(wordsOf('en').events));
  });
});

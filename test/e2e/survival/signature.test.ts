import { expect } from 'chai';
import fs from 'node:fs';
import path from 'node:path';
import { openSimulator, type ParapheurSimulator } from '../../../connectors/i-parapheur/simulator.js';
import type { ItemStory } from '../../../src/history/store.js';
import type { Store } from '../../../src/persistence/open-store.js';
import { makePdf } from '../../../src/signature-desk/make-pdf.js';
import { startGateway, temporaryFolder, waitFor, type GatewayProcess } from '../../support/gateway-process.js';
import { beside, buildOnce, feed } from '../../support/survival.js';

/** `npm run test:survival` makes it 30 and not 200: a round takes three times as long as one of kill.test.ts. */
const ROUNDS = Math.min(30, Number(process.env['RELAIS_SURVIVAL_ROUNDS'] ?? 15));
const STREAMS = 1;
const LONGEST_LIFE_MS = 500;

/** What goes wrong, and with what: before anything is done over there, and after it. */
const TROUBLE = ['lost', 'gateway-timeout', 'cut', 'unavailable', 'html', 'fault', null, null] as const;
const OPERATIONS = ['CreerDossier', 'RechercherDossiers', 'GetHistoDossier', 'GetDossier', 'ArchiverDossier', 'EffacerDossierRejete'] as const;
const CALM_MS = 15;

const FILES = [{ name: 'projet.pdf', bytes: makePdf(['Projet']) }, { name: 'plan.pdf', bytes: makePdf(['Plan']) }];
const EVERY_MS = 500;
/** One in so many is refused. */
const REFUSED = 5;

describe('kill -9 at random moments, while a signature book does as it was asked and drops the answer', function () {
  this.timeout(120_000 + ROUNDS * 4_000);
  const folder = temporaryFolder();
  const data = path.join(folder, 'data');
  const engine = { kind: 'sqlite', folder: data } as const;
  let book: ParapheurSimulator;
  before(async () => {
    fs.mkdirSync(data);
    book = await openSimulator({ folder: path.join(folder, 'book') });
    buildOnce();
  });
  after(async () => {
    await book.close();
    fs.rmSync(folder, { recursive: true, force: true });
  });

  const pick = <Value>(values: readonly Value[]): Value => values[Math.floor(Math.random() * values.length)]!;

  function start() {
    const { url, login, password } = book.settings as Readonly<Record<'url' | 'login' | 'password', string>>;
    return startGateway({ data, built: true, config: path.join(import.meta.dirname, 'relais-signature.yaml'), environment: { BOOK: url, BOOK_LOGIN: login, BOOK_PASSWORD: password } });
  }

  /** People sign what lies on their desks, and refuse some of it. */
  async function act(): Promise<void> {
    const waiting = book.desk.list().filter(({ state }) => state === 'running');
    for (const { id } of waiting) await book.desk.act(id, Number.parseInt(id.slice(-8), 16) % REFUSED === 0 ? { do: 'reject', reason: 'Le montant manque' } : { do: 'sign' });
  }

  /** Has all that was sent asked about at once, and lets a breaker that opened try again. */
  async function hurry({ operations }: Store): Promise<void> {
    await operations.ask('default', { connector: 'partner', state: ['sent'] });
    await operations.release('default', 'partner', 'test');
  }

  /** People act, and all is asked about, until nothing is open any more. */
  async function settle(store: Store, gateway: GatewayProcess): Promise<void> {
    let open = -1;
    let hurriedAt = 0;
    await waitFor(async () => {
      await act();
      if (Date.now() - hurriedAt > EVERY_MS) {
        hurriedAt = Date.now();
        await hurry(store);
      }
      open = await store.operations.count('default', { state: ['waiting', 'ready', 'sending', 'sent'] });
      return open === 0;
    }, 60_000 + ROUNDS * 1_000, () => `${open} deliveries are not over: ${gateway.output().slice(-2_000)}`);
  }

  /** Folders that were made of an item, wherever they went. */
  function foldersOf(uid: string): number {
    return [...book.desk.list(), ...book.desk.archived()].filter(({ id }) => id.startsWith(uid)).length;
  }

  /** How an item stands, in one line. */
  function standing(uid: string, story: ItemStory | null): string {
    const [delivery] = story?.deliveries ?? [];
    const roles = story?.item.annexes.flatMap(({ role }) => role ?? []).toSorted().join(' ');
    const why = delivery?.state === 'done' ? '' : delivery?.reason?.replace(/ on .* UTC/, '') ?? 'no reason';
    return `${delivery?.state ?? 'lost'}, ${foldersOf(uid)} folders: ${roles ?? ''} ${why}`.trim();
  }

  it(`${ROUNDS} rounds: each item has one folder, comes back signed or refused once, with its files once; the journal verifies`, async () => {
    const answered = new Set<string>();
    const trouble = setInterval(() => { book.mishaps.set(pick(TROUBLE), pick(OPERATIONS)); }, CALM_MS);
    try {
      for (let round = 0; round < ROUNDS; round += 1) {
        const gateway = await start();
        const streams = Array.from({ length: STREAMS }, (_, n) => feed(gateway.url, `${round}-${n}`, answered, undefined, FILES));
        await new Promise((resolve) => { setTimeout(resolve, 50 + Math.random() * LONGEST_LIFE_MS); });
        await gateway.kill();
        await Promise.all(streams);
        await act();
        await beside(engine, hurry);
      }
    } finally {
      clearInterval(trouble);
    }
    book.mishaps.clear();
    const gateway = await start();
    try {
      await beside(engine, (store) => settle(store, gateway));
      expect(answered.size).to.be.greaterThan(ROUNDS);
      await beside(engine, async ({ history, verifyJournal }) => {
        const standings = new Set<string>();
        for (const uid of answered) standings.add(standing(uid, await history.story('default', uid)));
        // one that was archived is still there, one that was refused is erased
        expect([...standings].toSorted()).to.deep.equal([
          'done, 1 folders: circulation-slip signed-document',
          'rejected, 0 folders: circulation-slip The signature was refused by Jeanne Dupont: «Le montant manque».',
        ]);
        expect((await verifyJournal('default')).brokenAt).to.equal(null);
      });
    } finally {
      expect(await gateway.stop()).to.equal(0);
    }
  });
});

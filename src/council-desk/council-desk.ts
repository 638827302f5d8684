import { openDeskFiles, type DeskFiles } from '../signature-desk/desk-files.js';
import type { SimulatedTown } from '../connector-kit/rehearsal.js';
import type { Meeting, MeetingConfig } from '../domain/meeting-config.js';
import type { User } from '../domain/user.js';
import { createCouncilActs, type CouncilActs } from './council-acts.js';
import { openCouncilLedger, type CouncilLedger } from './council-ledger.js';
import { createCouncilReading, type CouncilReading } from './council-reading.js';
import { createCouncilTown, PASSWORD } from './council-town.js';
import { createPeopleActs, type PeopleActs } from './people-acts.js';
import { sampleTown } from './sample-town.js';

export interface CouncilDeskParts {
  readonly clock: { now(): number };
  /** 32 hex digits, another one each time. */
  readonly newId: () => string;
  /** As it is declared, with dated meetings; a town of its own if not given. */
  readonly town?: SimulatedTown;
  /** Makes the town of its own, from when it was first opened; the sample town if not given. */
  readonly ownTown?: (foundedAt: number) => SimulatedTown;
  /** Keeps everything there over restarts; a temporary folder, removed by `close`, if not given. */
  readonly folder?: string;
  /** Told after each act of a person. */
  readonly onNews?: () => void;
  /** Told in one line of what happens. */
  readonly say?: (line: string) => void;
}

/** A simulated PloneMeeting: a town, its items and the people who decide on them. The faces of its protocols stand over it. Changes
 * happen one after the other, and each is on disk before it counts as done. What it does not do it throws as CouncilRefusal. */
export interface CouncilDesk extends CouncilReading, CouncilActs {
  readonly files: DeskFiles;
  /** What people do on its page and at the terminal, with the rights of the service account. */
  readonly people: PeopleActs;
  /** As it stands now, with the service account; the same object until something changes. */
  town(): SimulatedTown;
  /** As an upgrade over there would, such as groups with other ids or users who left: it is not kept over a restart. */
  changeTown(change: (town: SimulatedTown) => SimulatedTown): void;
  /** Who logs in so; every account has PASSWORD. Null: nobody. */
  signIn(login: string, password: string): User | null;
  user(id: string): User | undefined;
  /** Also one that is not active: its items stay, and it still takes some. */
  config(id: string): MeetingConfig | undefined;
  meeting(uid: string): Meeting | undefined;
  close(): Promise<void>;
}

/** Opens it, with what it had where that is kept in a folder. */
export async function createCouncilDesk(parts: CouncilDeskParts): Promise<CouncilDesk> {
  const files = await openDeskFiles(parts.folder);
  const ledger: CouncilLedger = await openCouncilLedger(parts.folder, parts.clock.now());
  const town = createCouncilTown(parts.town ?? (parts.ownTown ?? sampleTown)(ledger.foundedAt), ledger);
  const reading = createCouncilReading(ledger, files, () => town.now());
  const acts = createCouncilActs({ ...parts, ledger, reading, town: () => town.now() });
  return {
    files, ...reading, ...acts,
    people: createPeopleActs({ ...parts, ledger, reading, acts, files, town }),
    town: () => town.now(),
    changeTown: (change) => { town.change(change); },
    signIn: (login, password) => (password === PASSWORD ? town.now().users.get(login) ?? null : null),
    user: (id) => town.now().users.get(id),
    config: (id) => town.now().meetingConfigs.find((config) => config.id === id),
    meeting: (uid) => town.now().meetingConfigs.flatMap(({ meetings }) => meetings).find((meeting) => meeting.uid === uid),
    async close() {
      await ledger.settled();
      await files.close();
    },
  };
}

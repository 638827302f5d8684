import { readSaved, writeSaved } from '../connector-kit/saved-json.js';
import type { DeskItem } from './desk-item.js';

const FILE = 'council.json';

/** What the simulated PloneMeeting remembers over a restart, beside its files. */
interface SavedCouncil {
  /** When it was first opened, epoch milliseconds: a town of its own dates its meetings from there. */
  readonly foundedAt: number;
  readonly items: readonly DeskItem[];
  /** States of meetings that people changed, by uid. */
  readonly meetingStates: Readonly<Record<string, string>>;
}

/** All items, by uid, in the order in which they were made. */
export interface CouncilLedger {
  readonly foundedAt: number;
  readonly items: ReadonlyMap<string, DeskItem>;
  readonly put: (item: DeskItem) => void;
  readonly drop: (uid: string) => void;
  readonly meetingState: (uid: string) => string | undefined;
  readonly setMeetingState: (uid: string, state: string) => void;
  /** One change after the other; it is on disk when this resolves. */
  readonly inTurn: <Result>(change: () => Result | Promise<Result>) => Promise<Result>;
  readonly settled: () => Promise<void>;
}

/** `folder`: where it is remembered over restarts; nowhere if not given. */
export async function openCouncilLedger(folder: string | undefined, now: number): Promise<CouncilLedger> {
  const saved = folder === undefined ? undefined : await readSaved<SavedCouncil>(folder, FILE);
  const foundedAt = saved?.foundedAt ?? now;
  const items = new Map((saved?.items ?? []).map((item) => [item.uid, item]));
  const meetingStates = new Map(Object.entries(saved?.meetingStates ?? {}));
  let isUnsaved = saved === undefined;
  let turn: Promise<unknown> = Promise.resolve();

  async function save(): Promise<void> {
    if (!isUnsaved || folder === undefined) return;
    isUnsaved = false;
    const council: SavedCouncil = { foundedAt, items: [...items.values()], meetingStates: Object.fromEntries(meetingStates) };
    await writeSaved(folder, FILE, council)
      .catch((error: unknown) => { isUnsaved = true; throw error; });
  }

  return {
    foundedAt, items,
    put: (item) => { items.set(item.uid, item); isUnsaved = true; },
    drop: (uid) => { items.delete(uid); isUnsaved = true; },
    meetingState: (uid) => meetingStates.get(uid),
    setMeetingState: (uid, state) => { meetingStates.set(uid, state); isUnsaved = true; },
    inTurn(change) {
      const done = turn.then(async () => {
        const result = await change();
        await save();
        return result;
      });
      turn = done.catch(() => undefined);
      return done;
    },
    async settled() { await turn; await save(); },
  };
}

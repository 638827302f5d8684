import type { User } from '../domain/user.js';
import type { SimulatedTown } from '../connector-kit/rehearsal.js';
import type { CouncilLedger } from './council-ledger.js';

/** The account by which Relais calls: it may do and see everything over there. */
export const SERVICE_LOGIN = 'relais';

/** Of every account of the simulated PloneMeeting. */
export const PASSWORD = 'rehearsal-of-the-council';

const SERVICE: User = { id: SERVICE_LOGIN, fullname: 'Relais', email: '', roles: ['Member', 'Manager'], source: SERVICE_LOGIN, hasMemberArea: true };

/** The town as it stands over there: as it was declared, with the service account and the meetings as people left them. The same
 * object until something changes. */
export interface CouncilTown {
  now(): SimulatedTown;
  /** As an upgrade over there would, such as groups with other ids: it is not kept. */
  change(change: (town: SimulatedTown) => SimulatedTown): void;
  setMeetingState(uid: string, state: string): void;
}

/** `ledger`: keeps the states of meetings. */
export function createCouncilTown(declared: SimulatedTown, ledger: Pick<CouncilLedger, 'meetingState' | 'setMeetingState'>): CouncilTown {
  let bare = declared;
  let shown = shownTown(bare, ledger);
  return {
    now: () => shown,
    change(change) {
      bare = change(bare);
      shown = shownTown(bare, ledger);
    },
    setMeetingState(uid, state) {
      ledger.setMeetingState(uid, state);
      shown = shownTown(bare, ledger);
    },
  };
}

function shownTown(town: SimulatedTown, { meetingState }: Pick<CouncilLedger, 'meetingState'>): SimulatedTown {
  return {
    ...town,
    users: new Map([...town.users, [SERVICE_LOGIN, SERVICE]]),
    meetingConfigs: town.meetingConfigs.map((config) => ({ ...config, meetings: config.meetings.map((meeting) => ({ ...meeting, state: meetingState(meeting.uid) ?? meeting.state })) })),
  };
}

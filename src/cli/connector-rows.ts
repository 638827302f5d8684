import type { DeliveryCount, DeliveryOperations } from '../delivery/operations.js';
import { shownCertificates } from '../compose/shown-certificates.js';
import type { Authority } from '../domain/authority.js';
import type { ConnectorState } from '../domain/connector-state.js';
import { readSeen } from '../facade/seen-directory.js';
import type { CopyStore } from '../facade/store.js';
import { durationInWords } from '../history/dates.js';
import type { Telling } from '../history/describe-now.js';
import type { OperatorWords } from './operator-words.js';

/** What is known of one connector: its configuration, its state, and what is under way. */
export interface ConnectorRow {
  readonly connector: string;
  /** Null: it is not configured any more. */
  readonly type: string | null;
  /** The gateway itself runs its other side. */
  readonly simulated: boolean;
  /** When the certificate that it shows ends, epoch milliseconds; null: it shows none. */
  readonly certificateEnds: number | null;
  /** Null: it never had a delivery. */
  readonly state: ConnectorState | null;
  readonly counts: readonly Pick<DeliveryCount, 'state' | 'count' | 'oldest'>[];
}

/** Configured connectors in their order, then those that the store knows beyond them. */
export async function readConnectorRows(operations: Pick<DeliveryOperations, 'connectorStates' | 'counts'>, authority: string, configured: Authority['connectors']): Promise<ConnectorRow[]> {
  const states = await operations.connectorStates(authority);
  const counts = await operations.counts(authority);
  const ids = new Set([...configured.map(({ id }) => id), ...states.map(({ connector }) => connector)]);
  const certificates = new Map(shownCertificates({ connectors: configured }).map((one) => [one.connector, one.notAfter]));
  const settings = new Map(configured.map((one) => [one.id, one]));
  return [...ids].map((connector) => ({
    connector,
    type: settings.get(connector)?.type ?? null,
    simulated: settings.get(connector)?.simulated !== undefined,
    certificateEnds: certificates.get(connector) ?? null,
    state: states.find((state) => state.connector === connector) ?? null,
    counts: counts.filter((count) => count.connector === connector).map(({ state, count, oldest }) => ({ state, count, oldest })),
  }));
}

/** What a system behind meeting configs was seen to be made of. */
export interface SeenBehind {
  /** When, epoch milliseconds. */
  readonly at: number;
  /** As it tells it. */
  readonly version: string;
  readonly meetingConfigs: number;
  readonly organisations: number;
  readonly meetings: number;
}

export interface ListedConnector extends ConnectorRow {
  /** Null: it stands behind no meeting config, or was never seen. */
  readonly directory: SeenBehind | null;
}

/** The same, with what was seen last of those that stand behind meeting configs. */
export async function withDirectories(copies: Pick<CopyStore, 'read'>, authority: string, rows: readonly ConnectorRow[]): Promise<ListedConnector[]> {
  return await Promise.all(rows.map(async (row) => {
    const kept = await copies.read(authority, row.connector, 'directory', '');
    const { directory } = readSeen(kept?.value) ?? {};
    if (kept === null || directory === undefined) return { ...row, directory: null };
    const { version, configs, organisations } = directory;
    const meetings = configs.reduce((sum, config) => sum + config.meetings.length, 0);
    return { ...row, directory: { at: kept.at, version, meetingConfigs: configs.length, organisations: organisations.length, meetings } };
  }));
}

/** A connector in some lines. */
export function describeConnector({ connector, type, simulated, certificateEnds, directory, state, counts }: ListedConnector, { words, date, now }: Telling, operator: OperatorWords): string[] {
  const since = (at: number): string => durationInWords(now - at, words);
  const lines = counts.map((count) => operator.count(count.count, words.deliveryStates[count.state], since(count.oldest)));
  return [`${connector} (${type ?? operator.unknownType}${simulated ? `, ${operator.simulated}` : ''})${words.colon}${healthOf(state, since, operator)}`]
    .concat(state?.breaker === 'open' && state.canaryAt !== null ? [`  ${operator.nextTry(date(state.canaryAt))}`] : [])
    .concat(directory === null ? [] : [`  ${operator.seenBehind(directory, since(directory.at), now - directory.at > STALE_MS)}`])
    .concat(certificateEnds === null ? [] : [`  ${operator.certificateEnds(date(certificateEnds), certificateEnds <= now)}`])
    .concat(lines.length === 0 ? [`  ${operator.nothingWaits}`] : lines.map((line) => `  ${line}`));
}

/** What a connector said of itself. */
export interface ConnectorAnswer extends Pick<ConnectorRow, 'connector' | 'simulated'> {
  readonly type: string;
  readonly problem: string | null;
  /** Values that its fields take, by field. */
  readonly choices: Readonly<Record<string, readonly string[]>>;
}

/** What a system behind is made of is asked more often than this, milliseconds: older news means that nobody asks, or that it does not
 * answer. */
const STALE_MS = 15 * 60_000;

/** So many values of a field are named. */
const NAMED = 50;

/** What a connector said of itself, in some lines: whether it works, then what its fields take. */
export function describeAnswer({ connector, type, simulated, problem, choices }: ConnectorAnswer, { words: { colon } }: Pick<Telling, 'words'>, operator: OperatorWords): string[] {
  return [
    `${connector} (${type}${simulated ? `, ${operator.simulated}` : ''})${colon}${problem ?? operator.answers}`,
    ...Object.entries(choices).map(([field, values]) => `  ${field}${colon}${values.slice(0, NAMED).join(', ')}${values.length > NAMED ? `, … (${values.length})` : ''}`),
  ];
}

function healthOf(state: ConnectorState | null, since: (at: number) => string, words: OperatorWords): string {
  if (state === null) return words.works;
  const { hold, breaker, openedAt, reason, failures } = state;
  const stops = [
    ...(hold === null ? [] : [words.held(hold.by, since(hold.at), hold.reason)]),
    ...(breaker === 'open' ? [words.suspended(since(openedAt ?? 0), reason ?? '')] : []),
  ];
  if (stops.length > 0) return stops.join(' ; ');
  return failures === 0 ? words.works : `${words.works} (${words.failures(failures)})`;
}

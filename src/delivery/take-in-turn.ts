/** The deliveries of one connector of one authority wait in a lane. */
export interface LaneName {
  readonly authority: string;
  readonly connector: string;
}

/** Whom the last claims served: the turn goes on behind them. */
export interface Turn {
  readonly authority: string;
  /** By authority. */
  readonly connectors: ReadonlyMap<string, string>;
}

/** Lanes in the order in which they are served: authorities in turn, beginning behind the one served last, and each time
 * another connector of the authority, beginning behind its last. */
export function inTurn<Lane extends LaneName>(lanes: readonly Lane[], turn: Turn): Lane[] {
  const ordered = lanes.toSorted((a, b) => (a.connector < b.connector ? -1 : 1));
  const authorities = byAuthority(ordered).map(([authority, own]) => [authority, startBehind(own, ({ connector }) => connector, turn.connectors.get(authority) ?? '')] as const);
  const rounds = startBehind(authorities.toSorted(([a], [b]) => (a < b ? -1 : 1)), ([authority]) => authority, turn.authority).map(([, own]) => own);
  const longest = Math.max(0, ...rounds.map((own) => own.length));
  return Array.from({ length: longest }, (_, round) => rounds.flatMap((own) => own[round] ?? [])).flat();
}

/** Takes up to `limit` of what waits in the lanes, which are in turn: one from each authority, then again one from each, and
 * within an authority one from each connector. Whoever has little waits for nobody who has much. */
export function takeInTurn<Waiting>(lanes: readonly (LaneName & { readonly waiting: readonly Waiting[] })[], limit: number): Waiting[] {
  const queues = byAuthority(lanes).map(([, own]) => roundRobin(own.map(({ waiting }) => waiting)));
  return roundRobin(queues).slice(0, limit);
}

function roundRobin<Waiting>(queues: readonly (readonly Waiting[])[]): Waiting[] {
  const longest = Math.max(0, ...queues.map((queue) => queue.length));
  return Array.from({ length: longest }, (_, round) => queues.flatMap((queue) => queue.slice(round, round + 1))).flat();
}

function byAuthority<Lane extends LaneName>(lanes: readonly Lane[]): [string, Lane[]][] {
  const groups = new Map<string, Lane[]>();
  for (const lane of lanes) {
    const group = groups.get(lane.authority);
    if (group === undefined) groups.set(lane.authority, [lane]);
    else group.push(lane);
  }
  return [...groups];
}

/** `sorted`, turned so that it begins with the first whose name is behind `last`. */
function startBehind<Element>(sorted: readonly Element[], name: (element: Element) => string, last: string): Element[] {
  const first = sorted.findIndex((element) => name(element) > last);
  return first <= 0 ? [...sorted] : [...sorted.slice(first), ...sorted.slice(0, first)];
}

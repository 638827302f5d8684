/** How many times in a row each connector was found misconfigured, in the memory of this process. Deliveries that fail
 * side by side count once, so that many of them do not make the delay jump. */
export interface MisconfiguredStreaks {
  /** Notes a failure at `now` and returns the length of the streak. */
  extend(connector: string, now: number): number;
  /** The streak's current delay ends at `at`; failures before it do not lengthen the streak. */
  until(connector: string, at: number): void;
  end(connector: string): void;
}

/** Connectors are named by their authority and id, so that those of different towns stay apart. */
export function createMisconfiguredStreaks(): MisconfiguredStreaks {
  const streaks = new Map<string, { length: number; until: number }>();
  return {
    extend(connector, now) {
      const before = streaks.get(connector) ?? { length: 0, until: 0 };
      if (before.length > 0 && now < before.until) return before.length;
      streaks.set(connector, { length: before.length + 1, until: before.until });
      return before.length + 1;
    },
    until(connector, at) {
      const streak = streaks.get(connector);
      if (streak !== undefined) streak.until = at;
    },
    end: (connector) => void streaks.delete(connector),
  };
}

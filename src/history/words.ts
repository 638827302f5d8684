import type { Delivery, DeliveryState } from '../domain/delivery.js';
import { FORWARD_STEP } from '../domain/flow.js';
import { ENGLISH } from './words-en.js';
import { FRENCH } from './words-fr.js';

export type Language = 'fr' | 'en';

/** Everything that is said about an item, in one language. Durations and dates come in as text. */
export interface Words {
  readonly item: (title: string, uid: string) => string;
  readonly identity: (id: string, creator: string, source: string) => string;
  readonly state: (state: string) => string;
  readonly annexes: (count: number) => string;
  /** What a file that a step brought back is for, by its role. */
  readonly roles: Readonly<Record<string, string>>;
  readonly colon: string;
  readonly now: {
    readonly keptOnly: string;
    readonly finished: string;
    readonly rejected: (step: string, since: string) => string;
    readonly cancelled: string;
    readonly parked: (step: string, connector: string, since: string) => string;
    readonly sent: (connector: string, step: string, since: string) => string;
    readonly nextQuestion: (date: string) => string;
    readonly sending: (connector: string, step: string) => string;
    readonly retrying: (connector: string, step: string, date: string) => string;
    /** Not tried yet: it waits for its hours, or for a load. */
    readonly later: (connector: string, step: string, date: string) => string;
    readonly ready: (connector: string, step: string) => string;
    readonly waiting: (step: string) => string;
    /** An operator stopped the connector that it needs. */
    readonly held: (connector: string, by: string, since: string, reason: string) => string;
    /** The engine suspended it. */
    readonly suspended: (connector: string, since: string, reason: string) => string;
    readonly tried: (date: string) => string;
    /** The system behind its meeting config has it, and goes on with it. */
    readonly forwarded: (connector: string, since: string) => string;
    readonly withdrawn: (since: string) => string;
  };
  readonly toDo: (fix: string) => string;
  readonly command: (command: string) => string;
  readonly step: (step: string, connector: string) => string;
  readonly returnStep: (step: string, connector: string) => string;
  readonly deliveryStates: Readonly<Record<DeliveryState, string>>;
  /** In place of those, of what forwards an item to the system behind its meeting config. */
  readonly forwardStates: Readonly<Partial<Record<DeliveryState, string>>>;
  /** Names of the steps that Relais adds by itself, by their id. */
  readonly ownSteps: Readonly<Record<string, string>>;
  readonly since: (duration: string) => string;
  readonly reference: (reference: string) => string;
  readonly attempts: (count: number) => string;
  readonly due: (date: string) => string;
  readonly uncertain: string;
  readonly by: (actor: string) => string;
  readonly flow: (flow: string) => string;
  readonly files: (names: string) => string;
  readonly fields: (names: string) => string;
  readonly duration: { readonly moments: string; readonly minutes: (n: number) => string; readonly hours: (n: number) => string; readonly days: (n: number) => string };
  /** By the name of the journal event. */
  readonly events: Readonly<Record<string, string>>;
  /** Actions of the workflow that are not named by a person. */
  readonly actions: Readonly<Record<string, string>>;
  /** What the engine itself gives as reason, or a system behind a meeting config, and how it is told here; in it, `$1` is the step, the system or
   * the user that it names. Other reasons are those of a connector. */
  readonly engineReasons: readonly (readonly [reason: RegExp, told: string])[];
}

/** The words of a language. */
export function wordsOf(language: Language): Words {
  return language === 'fr' ? FRENCH : ENGLISH;
}

/** The name of a step: as it is configured, or in the language of the story where Relais added it. */
export function stepName({ ownSteps }: Words, step: string): string {
  return Object.hasOwn(ownSteps, step) ? ownSteps[step] ?? step : step;
}

/** How a delivery stands. */
export function stateName({ deliveryStates, forwardStates }: Words, { step, state }: Pick<Delivery, 'step' | 'state'>): string {
  return (step === FORWARD_STEP ? forwardStates[state] : undefined) ?? deliveryStates[state];
}

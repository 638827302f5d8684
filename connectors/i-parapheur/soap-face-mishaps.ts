/** What can go wrong with a call. The first ones before anything is done over there, those from `lost` on after it; with
 * `password-expired` nobody is let in any more. */
export const MISHAPS = [
  'answers-ko', 'unavailable', 'throttle', 'html', 'fault', 'hang', 'lost', 'cut', 'gateway-timeout', 'no-verdict', 'no-message', 'swapped', 'slow', 'password-expired',
] as const;

export type Mishap = (typeof MISHAPS)[number];

/** Which call goes wrong how. */
export interface Mishaps {
  /** From now on; null ends it. Without an operation, the one that creates folders. */
  set(mishap: Mishap | null, operation?: string): void;
  of(operation: string): Mishap | undefined;
  isExpired(): boolean;
  /** All is well again. */
  clear(): void;
}

const CREATION = 'CreerDossier';
const FETCHING = 'GetDossier';

export function createMishaps(): Mishaps {
  const byOperation = new Map<string, Mishap>();
  return {
    set(mishap, operation = mishap === 'swapped' ? FETCHING : CREATION) {
      if (mishap === null) byOperation.delete(operation);
      else byOperation.set(operation, mishap);
    },
    of: (operation) => byOperation.get(operation),
    isExpired: () => [...byOperation.values()].includes('password-expired'),
    clear: () => { byOperation.clear(); },
  };
}

export function isMishap(word: string): word is Mishap {
  return (MISHAPS as readonly string[]).includes(word);
}

/** What can go wrong with a call over SOAP. The first ones before anything is done over there, `lost` and `cut` after it. */
export const SOAP_MISHAPS = ['refuses', 'throttle', 'unavailable', 'html', 'server-fault', 'hang', 'lost', 'cut'] as const;

export type SoapMishap = (typeof SOAP_MISHAPS)[number];

/** Which calls go wrong how. */
export interface SoapMishaps {
  /** From now on; null ends it. Without an operation, the one that makes items; `*`: every one. */
  set(mishap: SoapMishap | null, operation?: string): void;
  of(operation: string): SoapMishap | undefined;
  /** All is well again. */
  clear(): void;
}

/** All is well at first. */
export function createSoapMishaps(): SoapMishaps {
  const byOperation = new Map<string, SoapMishap>();
  return {
    set(mishap, operation = 'createItem') {
      if (mishap === null) byOperation.delete(operation);
      else byOperation.set(operation, mishap);
    },
    of: (operation) => byOperation.get(operation) ?? byOperation.get('*'),
    clear: () => { byOperation.clear(); },
  };
}

/** Whether somebody typed the name of one. */
export function isSoapMishap(word: string): word is SoapMishap {
  return (SOAP_MISHAPS as readonly string[]).includes(word);
}

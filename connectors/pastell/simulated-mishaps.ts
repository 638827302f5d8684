import type { HttpReply } from '../../src/connector-kit/http-simulator.js';
import { errorReply, prettyReply } from './simulated-reply.js';

/** What may go wrong with a request (contracts/pastell.md §1.2, §14): a page of HTML with status 200, an answer that is lost or cut after it was
 * carried out, none at all, too many logins, an error of the server before or after it was carried out, and an error inside of a
 * status 200. */
export const MISHAPS = ['html', 'lost', 'cut', 'hang', 'throttle', '500', 'late-500', 'error-in-200'] as const;
export type Mishap = (typeof MISHAPS)[number];

/** What may be wrong behind Pastell from now on: a signature book or a TdT that cannot be reached, a TdT that wants a person to confirm with a
 * certificate, permissions that are refused with 403 where most versions say 400, an account that was disabled, forms that
 * are never complete, an entity without a TdT, an account without the right to the journal. */
export const TROUBLES = ['parapheur-down', 'tdt-down', 'no-tdt', 'rgs', 'refuses-with-403', 'disabled', 'never-complete', 'no-journal'] as const;
export type Trouble = (typeof TROUBLES)[number];

interface Arranged {
  readonly mishap: Mishap;
  readonly what: RegExp;
  left: number;
}

/** Mishaps that were arranged, and troubles that last. */
export interface Mishaps {
  /** The next `times` requests of which `POST /api/v2/…` matches meet with it. */
  arrange(mishap: Mishap, what?: RegExp, times?: number): void;
  /** What befalls a request, if anything; it counts. */
  take(request: string): Mishap | null;
  toggle(trouble: Trouble, isOn?: boolean): boolean;
  has(trouble: Trouble): boolean;
  /** Nothing goes wrong any more. */
  end(): void;
}

export function createMishaps(): Mishaps {
  const arranged: Arranged[] = [];
  const troubles = new Set<Trouble>();
  return {
    arrange: (mishap, what = /./, times = 1) => { arranged.push({ mishap, what, left: times }); },
    take(request) {
      const found = arranged.find(({ what, left }) => left > 0 && what.test(request));
      if (found === undefined) return null;
      found.left -= 1;
      return found.mishap;
    },
    toggle(trouble, isOn = !troubles.has(trouble)) {
      if (isOn) troubles.add(trouble);
      else troubles.delete(trouble);
      return isOn;
    },
    has: (trouble) => troubles.has(trouble),
    end() {
      arranged.length = 0;
      troubles.clear();
    },
  };
}

const LOGIN_PAGE = '<!DOCTYPE html>\n<html lang="fr"><head><title>Connexion - Pastell</title></head><body><form action="/Connexion/doConnexion" method="post">Veuillez saisir vos identifiants de connexion</form></body></html>\n';

/** Does what befell a request. `carryOut`: what would be done without it. */
export async function befallen(mishap: Mishap | null, carryOut: () => Promise<HttpReply>): Promise<HttpReply> {
  switch (mishap) {
    case null: return carryOut();
    case 'html': return { status: 200, headers: { 'content-type': 'text/html; charset=utf-8' }, body: LOGIN_PAGE };
    case 'lost': return { ...await carryOut(), ending: 'lost' };
    case 'cut': return { ...await carryOut(), ending: 'cut' };
    case 'hang': return { status: 200, ending: 'never' };
    case 'throttle': return { status: 429, headers: { 'content-type': 'application/json; charset=utf-8', 'retry-after': '60' }, body: JSON.stringify({ status: 'error', 'error-message': 'Trop de tentatives de connexion.' }) };
    case '500': return errorReply(500, 'Erreur interne du serveur.');
    case 'late-500':
      await carryOut();
      return errorReply(500, 'Erreur interne du serveur.');
    case 'error-in-200': return prettyReply({ status: 'error', 'error-message': 'Impossible d\'encoder la réponse en JSON.' });
  }
}

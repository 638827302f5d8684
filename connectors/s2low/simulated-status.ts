import type { Exchange, ExchangeStage } from '../../src/state-desk/exchange.js';
import { wantsReceipt } from '../../src/state-desk/step-exchange.js';
import type { FlowStage, TreasuryFlow } from '../../src/state-desk/treasury-flow.js';

const EXCHANGES: Readonly<Record<ExchangeStage, number>> = {
  error: -1, cancelled: 0, posted: 1, queued: 2, sent: 3, acknowledged: 4, closed: 5, refused: 6, received: 21, receipted: 8, waiting: 17, 'to-sign': 18,
};

const FLOWS: Readonly<Record<FlowStage, number>> = { error: -1, cancelled: 0, posted: 1, queued: 2, sent: 3, acknowledged: 4, refused: 6, informed: 8, waiting: 14, unanswered: 24 };

/** Answers that are hidden while their file cannot be read (contracts/s2low.md §5). */
const MASKED: readonly FlowStage[] = ['acknowledged', 'refused', 'informed'];

/** The code of contracts/s2low.md §4. */
export function exchangeStatus(exchange: Exchange): number {
  const toReceipt = exchange.kind === 'letter' && exchange.stage === 'received' && wantsReceipt(exchange);
  return toReceipt ? 7 : EXCHANGES[exchange.stage];
}

/** The code of contracts/s2low.md §6, as the platform tells it. */
export function flowStatus({ stage, isAcquitReadable }: TreasuryFlow): number {
  return MASKED.includes(stage) && !isAcquitReadable ? FLOWS.sent : FLOWS[stage];
}

const LETTERS = { simple: '2', pieces: '3', observations: '4', court: '5' } as const;

/** Transaction types (contracts/s2low.md §4). A reply has the type of its letter. */
export function typeOf(exchange: Exchange): string {
  switch (exchange.kind) {
    case 'act': return '1';
    case 'letter':
    case 'reply': return LETTERS[exchange.letter];
    case 'cancellation': return '6';
    case 'classification': return '7';
  }
}

export const STATUS_LABELS: Readonly<Record<number, string>> = {
  [-1]: 'Erreur', 0: 'Annulé', 1: 'Posté', 2: 'En attente de transmission', 3: 'Transmis', 4: 'Acquittement reçu', 5: 'Validé', 6: 'Refusé', 7: 'Document reçu', 8: 'Acquittement envoyé',
  9: 'Document envoyé', 10: 'Refus d\'envoi', 11: 'Acquittement de document reçu', 12: 'Envoyé au SAE', 13: 'Archivé par le SAE', 14: 'Erreur lors de l\'archivage', 15: 'Reçu par le SAE', 16: 'Détruite',
  17: 'En attente d\'être postée', 18: 'En attente d\'être signée', 19: 'En attente de transmission au SAE', 20: 'Erreur lors de l\'envoi au SAE', 21: 'Document reçu (pas d\'AR)', 22: 'Fichiers indisponibles',
};

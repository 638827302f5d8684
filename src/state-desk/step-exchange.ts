import type { Classification } from '../formats/actes/classification.js';
import { writeClassification } from '../formats/actes/write-classification.js';
import { exchangeAnswered } from './answer-exchange.js';
import type { Exchange, FiledAct } from './exchange.js';
import type { PrefectureParts } from './prefecture-parts.js';

/** An exchange one step further; the same object where somebody has to do something first. */
export async function exchangeStepped(exchange: Exchange, parts: PrefectureParts): Promise<Exchange> {
  if (exchange.isStuck) return exchange;
  if (exchange.stage === 'posted') return checked(exchange, parts);
  if (exchange.stage === 'queued') return { ...exchange, stage: 'sent' };
  if (exchange.stage === 'sent') return afterSending(exchange, parts);
  const isToReceipt = exchange.kind === 'letter' && exchange.stage === 'received' && wantsReceipt(exchange);
  return isToReceipt ? { ...exchange, stage: 'receipted' } : exchange;
}

/** Requests for pieces and observations (contracts/s2low.md §3.5). */
export function wantsReceipt({ letter }: { readonly letter: string }): boolean {
  return letter === 'pieces' || letter === 'observations';
}

/** Checks that come after the deposit (contracts/s2low.md §3.2): here only is a typology held against the nature of the act. */
function checked(exchange: Exchange, { classification }: PrefectureParts): Exchange {
  const wrong = exchange.kind === 'act' ? wrongTypology(exchange, classification()) : undefined;
  return wrong === undefined ? { ...exchange, stage: 'queued' } : { ...exchange, stage: 'error', reason: `La typologie ${wrong} n'est pas autorisée pour cette nature d'acte` };
}

function wrongTypology({ nature, documents }: FiledAct, { natures }: Classification): string | undefined {
  const allowed = natures.find(({ code }) => code === nature)?.typologies.map(({ code }) => code) ?? [];
  return documents.find(({ typology }) => !allowed.includes(typology))?.typology;
}

async function afterSending(exchange: Exchange, parts: PrefectureParts): Promise<Exchange> {
  if (exchange.kind === 'classification') return { ...exchange, stage: 'acknowledged', message: await parts.keep('classification.xml', 'application/xml', writeClassification(parts.classification())) };
  // the reply to a simple letter is never acknowledged
  if (!parts.answersItself || (exchange.kind === 'reply' && exchange.letter === 'simple')) return exchange;
  return exchangeAnswered(exchange, { verdict: 'accept' }, parts);
}

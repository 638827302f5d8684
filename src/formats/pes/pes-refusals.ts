import type { PesFinding, PesReport } from './pes-report.js';

/** What would have the file refused by the platform or by the treasury; empty where it may be sent. */
export function refusalsOf({ findings }: Pick<PesReport, 'findings'>): readonly PesFinding[] {
  return findings.filter(({ severity }) => severity === 'error');
}

/** One line: place, line, what is wrong, rule. */
export function describeFinding({ place, line, rule, message, messageFr }: PesFinding, language: 'fr' | 'en' = 'en'): string {
  const colon = language === 'fr' ? ' : ' : ': ';
  const where = line > 0 ? `${place} (${language === 'fr' ? 'ligne' : 'line'} ${line})${colon}` : place === '/' ? '' : `${place}${colon}`;
  return onOneLine(`${where}${language === 'fr' ? messageFr ?? message : message} [${rule}]`);
}

/** Values of a file may hold line ends and characters that turn the direction of writing: what a person reads must not say what only the file says. */
export function onOneLine(text: string): string {
  return text.replaceAll(/[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}]+/gu, ' ');
}

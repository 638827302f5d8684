import type { SoapNode } from '../../src/signature-desk/write-soap.js';

/** A MessageRetour (contracts/iparapheur.md §1.3). */
export function said(code: 'OK' | 'KO', message: string): readonly [SoapNode] {
  return [['MessageRetour', [['codeRetour', code], ['message', message], ['severite', code === 'OK' ? 'INFO' : 'ERROR']]]];
}

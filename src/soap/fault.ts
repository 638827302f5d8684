import { RelaisError } from '../errors.js';
import { ENVELOPE_END, ENVELOPE_START, escapeText } from './reply-encoder.js';

/** Codes of SOAP 1.1 §4.4.1. Nothing after a dot: clients compare them (contracts/soap-clients.md «Faults and statuses»). */
export type FaultCode = 'Client' | 'Server' | 'VersionMismatch';

export interface Fault {
  readonly code: FaultCode;
  readonly text: string;
}

/** What a caller is told of an error: everything about a mistake of his, with the catalogue code; nothing about ours but
 * the correlation id, by which the operator finds it in the log, and that it may pass. */
export function faultOf(error: unknown, correlationId: string): Fault {
  if (error instanceof RelaisError && error.code === 'RELAIS_UPSTREAM_AWAY') {
    return { code: 'Server', text: `The system behind this meeting config cannot be asked at the moment. Ask again later; the operator finds the cause under the correlation id ${correlationId}. (${error.code})` };
  }
  if (!(error instanceof RelaisError) || error.blame !== 'caller') {
    return { code: 'Server', text: `The request could not be handled. The operator finds the cause under the correlation id ${correlationId}.` };
  }
  return { code: error.code === 'RELAIS_SOAP_VERSION' ? 'VersionMismatch' : 'Client', text: `${error.message} (${error.code})` };
}

/** A SOAP 1.1 envelope with a fault, no detail. */
export function encodeFault(fault: Fault): string {
  return `${ENVELOPE_START}<SOAP-ENV:Fault><faultcode>SOAP-ENV:${fault.code}</faultcode>`
    + `<faultstring>${escapeText(fault.text)}</faultstring></SOAP-ENV:Fault>${ENVELOPE_END}`;
}

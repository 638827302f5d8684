/** The other side answered with a SOAP fault. What that means for a delivery depends on the operation: whoever called it
 * decides. */
export class SoapFault extends Error {
  /** `Client` or `Server` of SOAP 1.1, `Sender` or `Receiver` of SOAP 1.2, with what stands after a dot; no prefix. */
  readonly code: string;
  /** What a person may read, in one line. */
  readonly text: string;
  /** Text of the detail, in one line; empty where there is none. */
  readonly detail: string;

  constructor(who: string, fault: { readonly code: string; readonly text: string; readonly detail: string }) {
    super(`${who} answered with a fault (${fault.code || 'no code'}): ${fault.text || fault.detail || 'it gave no reason'}`);
    this.name = 'SoapFault';
    this.code = fault.code;
    this.text = fault.text;
    this.detail = fault.detail;
  }
}

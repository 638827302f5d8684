/**
 * Every error that Relais raises on purpose has a stable code of this catalogue. `docs/errors.md` has a row for each
 * code, and `test/architecture.test.ts` compares the two. Codes are never reused.
 *
 * `blame` decides how an edge reports it: `caller` is a mistake that the caller can correct (SOAP `Client` fault),
 * `server` is ours (SOAP `Server` fault with a general text; the message goes to the log only), `operator` stops the
 * start or a command (shown on the terminal).
 */
export type Blame = 'caller' | 'server' | 'operator';

export const ERROR_CATALOGUE = {
  // reading a request
  RELAIS_SOAP_MALFORMED: 'caller',
  RELAIS_SOAP_VERSION: 'caller',
  RELAIS_SOAP_OPERATION: 'caller',
  RELAIS_SOAP_VALUE: 'caller',
  RELAIS_SOAP_LIMIT: 'caller',
  RELAIS_SOAP_DOCTYPE: 'caller',
  RELAIS_SOAP_ENCODING: 'caller',
  RELAIS_SOAP_CUT: 'caller',
  RELAIS_SOAP_MEDIA: 'caller',
  // business refusals of ws4pm (contracts/ws4pm.md §3.1)
  RELAIS_WS4PM_ROLE: 'caller',
  RELAIS_WS4PM_USER: 'caller',
  RELAIS_WS4PM_CONFIG: 'caller',
  RELAIS_WS4PM_NO_CRITERION: 'caller',
  RELAIS_WS4PM_ITEM: 'caller',
  RELAIS_WS4PM_TEMPLATE: 'caller',
  RELAIS_WS4PM_GENERATION: 'caller',
  RELAIS_WS4PM_GROUP: 'caller',
  RELAIS_WS4PM_TITLE: 'caller',
  RELAIS_WS4PM_OPTIONAL_ATTRIBUTE: 'caller',
  RELAIS_WS4PM_MEETING: 'caller',
  RELAIS_WS4PM_VALUES: 'caller',
  RELAIS_WS4PM_ADVICES: 'caller',
  RELAIS_WS4PM_EXTRA_KEY: 'caller',
  RELAIS_WS4PM_EXTRA_TYPE: 'caller',
  RELAIS_WS4PM_AREA: 'caller',
  RELAIS_WS4PM_CATEGORY_MANDATORY: 'caller',
  RELAIS_WS4PM_CATEGORY: 'caller',
  RELAIS_WS4PM_QUERY: 'caller',
  RELAIS_WS4PM_HTML: 'caller',
  RELAIS_WS4PM_UPSTREAM: 'caller',
  // ours
  RELAIS_STORE_UNAVAILABLE: 'server',
  RELAIS_STORE_CORRUPT: 'server',
  RELAIS_BLOB_UNAVAILABLE: 'server',
  RELAIS_BLOB_MISSING: 'server',
  RELAIS_INTERNAL: 'server',
  RELAIS_STOPPING: 'server',
  RELAIS_UPSTREAM_AWAY: 'server',
  // the operator's
  RELAIS_CONFIG_INVALID: 'operator',
  RELAIS_CONFIG_DEMO_EXPOSED: 'operator',
  RELAIS_CONFIG_CONNECTOR: 'operator',
  RELAIS_CONNECTOR_LOAD: 'operator',
  RELAIS_CONNECTOR_TEST: 'operator',
  RELAIS_CONNECTOR_FAILED: 'operator',
  RELAIS_STORE_IN_USE: 'operator',
  RELAIS_STORE_COPY: 'operator',
  RELAIS_BACKUP: 'operator',
  RELAIS_COMMAND_USAGE: 'operator',
  RELAIS_ITEM_UNKNOWN: 'operator',
  RELAIS_ITEM_STATE: 'operator',
  RELAIS_DELIVERY_UNKNOWN: 'operator',
  RELAIS_DELIVERY_STATE: 'operator',
  RELAIS_PES_REFUSED: 'operator',
} as const satisfies Record<string, Blame>;

export type ErrorCode = keyof typeof ERROR_CATALOGUE;

/** An error with a catalogue code. `message` of a `caller` error is shown to the caller: it names the field, what was
 * found and what was expected, and never holds a secret. `cause` is for the log only. */
export class RelaisError extends Error {
  readonly code: ErrorCode;

  constructor(code: ErrorCode, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.name = 'RelaisError';
    this.code = code;
  }

  get blame(): Blame {
    return ERROR_CATALOGUE[this.code];
  }
}

/** Most that a message repeats of a value that came from a caller, in characters. */
const SHOWN = 200;

/** How a message shows what a caller sent: `nothing` for an absent or empty value, the beginning of a long one. */
export function shown(value: string | undefined): string {
  if (value === undefined || value === '') return 'nothing';
  if (value.length <= SHOWN) return value;
  const halfCharacter = /[\uD800-\uDBFF]$/;
  return `${value.slice(0, SHOWN).replace(halfCharacter, '')}…`;
}

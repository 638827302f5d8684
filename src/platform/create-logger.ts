import type { Writable } from 'node:stream';
import winston from 'winston';
import type { Logger } from './logger.js';
import type { SecretScrubber } from './secret-scrubber.js';

export const LOG_LEVELS = ['error', 'warn', 'info', 'debug'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];
export const LOG_FORMATS = ['json', 'readable'] as const;
export type LogFormat = (typeof LOG_FORMATS)[number];

export interface LoggerOptions {
  readonly level: LogLevel;
  /** `json`: one object a line, for machines. `readable`: one line for people. */
  readonly format: LogFormat;
  /** Where lines go; it is not closed. */
  readonly output: Writable;
  readonly scrubber: SecretScrubber;
}

/** How deep the chain of causes is written. */
const CAUSES = 5;
/** winston and logform put the finished line under this symbol. */
const LINE = Symbol.for('message');

/** Writes log lines as Logger says. Every finished line passes the scrubber, whatever it was made of. Errors in fields are
 * written with their code, stack and causes; a field cannot replace `level`, `message` or `timestamp`. */
export function createLogger({ level, format, output, scrubber }: LoggerOptions): Logger {
  const root = winston.createLogger({
    level,
    levels: winston.config.npm.levels,
    format: winston.format.combine(winston.format.timestamp(), winston.format((info) => {
      info[LINE] = scrubber.scrub(format === 'json' ? jsonLine(info) : readableLine(info));
      return info;
    })()),
    // eslint-disable-next-line @typescript-eslint/no-unsafe-class-instance-assignment -- winston declares its transports as interfaces
    transports: [new winston.transports.Stream({ stream: output, eol: '\n' })],
  });
  return wrap(root, {});
}

function wrap(root: winston.Logger, base: Readonly<Record<string, unknown>>): Logger {
  const write = (level: LogLevel) => (message: string, fields?: Readonly<Record<string, unknown>>): void => {
    if (root.isLevelEnabled(level)) root.log({ level, message, fields: fields === undefined ? base : { ...base, ...fields } });
  };
  return {
    error: write('error'),
    warn: write('warn'),
    info: write('info'),
    debug: write('debug'),
    child: (fields) => wrap(root, { ...base, ...fields }),
  };
}

function jsonLine({ timestamp, level, message, fields }: winston.Logform.TransformableInfo): string {
  return stringify({ ...(fields as object), timestamp, level, message });
}

function readableLine({ timestamp, level, message, fields }: winston.Logform.TransformableInfo): string {
  const pairs = Object.entries(fields as object).filter(([, value]) => value !== undefined);
  const text = pairs.map(([name, value]) => ` ${name}=${typeof value === 'string' && /^[^\s"=\p{Cc}]+$/u.test(value) ? value : stringify(value)}`).join('');
  // A line stays one line, whatever a caller managed to put into it.
  return `${String(timestamp)} ${level.toUpperCase().padEnd(5)} ${String(message)}${text}`.replace(/\p{Cc}/gu, ' ');
}

/** JSON that never fails: errors, big integers, maps, sets and circles become something readable. */
function stringify(value: unknown): string {
  const above: unknown[] = [];
  return JSON.stringify(value, function replace(this: unknown, _name, found: unknown) {
    while (above.length > 0 && above.at(-1) !== this) above.pop();
    if (typeof found === 'bigint') return found.toString();
    if (typeof found !== 'object' || found === null) return found;
    if (above.includes(found)) return '[circle]';
    above.push(found);
    return plain(found);
  });
}

function plain(found: object): unknown {
  if (found instanceof Error) return plainError(found, CAUSES);
  if (found instanceof Map || found instanceof Set) return [...found];
  return found;
}

function plainError(error: Error, depth: number): Record<string, unknown> {
  const { name, message, stack, cause } = error;
  const { code } = error as { code?: unknown };
  return {
    name, message, ...(code === undefined ? {} : { code }), stack,
    ...(cause instanceof Error && depth > 0 ? { cause: plainError(cause, depth - 1) } : {}),
  };
}

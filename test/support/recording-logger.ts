import { inspect } from 'node:util';
import type { Logger } from '../../src/platform/logger.js';

export interface RecordingLogger extends Logger {
  readonly lines: { readonly level: 'error' | 'warn' | 'info' | 'debug'; readonly message: string; readonly fields: Readonly<Record<string, unknown>> }[];
  /** All of it as text, causes and stacks included. */
  text(): string;
}

/** A logger that keeps what it is told. */
export function recordingLogger(lines: RecordingLogger['lines'] = [], bound: Readonly<Record<string, unknown>> = {}): RecordingLogger {
  const at = (level: 'error' | 'warn' | 'info' | 'debug') => (message: string, fields: Readonly<Record<string, unknown>> = {}) => {
    lines.push({ level, message, fields: { ...bound, ...fields } });
  };
  return {
    lines, error: at('error'), warn: at('warn'), info: at('info'), debug: at('debug'),
    child: (fields) => recordingLogger(lines, { ...bound, ...fields }),
    text: () => inspect(lines, { depth: 10 }),
  };
}

import { inspect } from 'node:util';
import type { ConnectorLogger } from '../connector-api/connector.js';

export interface RecordingLogger extends ConnectorLogger {
  /** All that was said, causes and stacks included. */
  text(): string;
}

/** A logger that keeps what it is told. */
export function recordingLogger(): RecordingLogger {
  const lines: unknown[] = [];
  const at = (level: string) => (message: string, fields: Readonly<Record<string, unknown>> = {}) => { lines.push({ level, message, fields }); };
  return { warn: at('warn'), info: at('info'), debug: at('debug'), text: () => everythingIn(lines) };
}

/** A value as the most talkative log would show it. */
export function everythingIn(value: unknown): string {
  return inspect(value, { depth: 10, maxArrayLength: null, maxStringLength: null });
}

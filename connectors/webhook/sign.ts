import { createHmac } from 'node:crypto';

/** `sha256=<hex>` of HMAC-SHA256 over `<timestamp>.<text>`; the timestamp is Unix time in seconds, as it is sent. */
export function sign(secret: string, timestamp: string, text: string): string {
  return `sha256=${createHmac('sha256', secret).update(`${timestamp}.${text}`).digest('hex')}`;
}

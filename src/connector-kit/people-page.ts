import type { IncomingMessage } from 'node:http';
import type { HttpReply } from './http-simulator.js';

const LOOPBACK_HOSTS = ['127.0.0.1', 'localhost', '[::1]'];

/** Of a page on which people of a simulated other side act: no script, nothing from elsewhere, forms to this page alone. */
export const PAGE_HEADERS = {
  'content-type': 'text/html; charset=utf-8',
  'content-security-policy': 'default-src \'none\'; style-src \'unsafe-inline\'; form-action \'self\'; frame-ancestors \'none\'; base-uri \'none\'',
  'x-content-type-options': 'nosniff', 'referrer-policy': 'same-origin', 'cache-control': 'no-store',
} as const;

/** Asked by a name of this machine, which keeps other sites from reaching it by a name of their own; and not by a form of theirs. */
export function isOwnPage({ headers }: Pick<IncomingMessage, 'headers'>): boolean {
  const host = headers.host ?? '';
  return LOOPBACK_HOSTS.includes(host.replace(/:\d+$/, '')) && (headers.origin === undefined || headers.origin === `http://${host}`);
}

/** Markup that may be put into a page as it is. */
export class Html {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

/** Values become text, whatever they hold; only Html stays what it is. */
export function html(pieces: TemplateStringsArray, ...values: readonly (string | Html | readonly Html[])[]): Html {
  return new Html(pieces.map((piece, index) => piece + markup(values[index] ?? '')).join(''));
}

function markup(value: string | Html | readonly Html[]): string {
  if (value instanceof Html) return value.text;
  if (typeof value !== 'string') return value.map(({ text }) => text).join('\n');
  return value.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;').replaceAll('\'', '&#39;');
}

/** A whole page. */
export function pageReply(title: string, content: Html, status = 200): HttpReply {
  const { text } = html`<!DOCTYPE html>
<html lang="fr"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${title}</title>
<style>body{font:1rem/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem}table{border-collapse:collapse;width:100%}th,td{text-align:left;vertical-align:top;padding:.3rem .6rem;border-bottom:1px solid #767676}form{margin:.6rem 0}button,input{font:inherit;padding:.2rem .6rem}</style>
</head><body><main><h1>${title}</h1>
${content}
</main></body></html>
`;
  return { status, headers: PAGE_HEADERS, body: text };
}

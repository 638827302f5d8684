import type { HttpReply } from '../../src/connector-kit/http-simulator.js';

/** How texts leave the platform: older ones in ISO-8859-1, newer ones in UTF-8 (contracts/s2low.md §2). */
export type AnswerEncoding = 'latin1' | 'utf8';

const TEXT = { 'content-type': 'text/plain' };

/** OK and lines, with as many line feeds at the end as the platform likes. */
export function ok(...lines: readonly string[]): HttpReply {
  return { status: 200, headers: TEXT, body: `OK\n${lines.map((line) => `${line}\n`).join('')}` };
}

/** KO with words as the platform writes them: escaped as for a page, and two line feeds at the end. Status 200. */
export function ko(words: string, encoding: AnswerEncoding = 'latin1'): HttpReply {
  return { status: 200, headers: TEXT, body: Buffer.from(`KO\n${escapedHtml(words)}\n\n`, encoding) };
}

/** An answer in XML, declared ISO-8859-1. An element without text is there, and empty. */
export function xml(root: string, content: string): HttpReply {
  return { status: 200, headers: { 'content-type': 'text/xml' }, body: Buffer.from(`<?xml version="1.0" encoding="ISO-8859-1"?>\n<${root}>${content}</${root}>\n`, 'latin1') };
}

/** `<id>12</id>`. */
export function tag(name: string, text: string): string {
  return `<${name}>${text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')}</${name}>`;
}

export function redirect(location: string): HttpReply {
  return { status: 302, headers: { location, 'content-type': 'text/html' }, body: '<html><body>Redirection</body></html>' };
}

/** A page for people. */
export function webPage(title: string, body = ''): HttpReply {
  return { status: 200, headers: { 'content-type': 'text/html; charset=utf-8' }, body: `<!DOCTYPE html>\n<html lang="fr"><head><title>${escapedHtml(title)}</title></head><body><h1>${escapedHtml(title)}</h1>${body}</body></html>\n` };
}

/** As htmlspecialchars of PHP does it. */
export function escapedHtml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;').replaceAll('\'', '&#039;');
}

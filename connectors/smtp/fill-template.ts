import type { Submission } from '../../src/connector-api/connector.js';
import { PLACEHOLDER, type Template } from './template.js';

export interface FilledTemplate {
  readonly subject: string;
  readonly text: string;
  readonly html: string | null;
}

type Given = Pick<Submission, 'item' | 'results'>;

/** The mail that a template makes of an item; what an item does not say is left empty. Nothing of an item becomes markup. */
export function fillTemplate({ language, subject, text, html }: Template, given: Given, timeZone: string): FilledTemplate {
  const said = (name: string): string => valueOf(name, given, (at) => new Intl.DateTimeFormat(language === 'fr' ? 'fr-BE' : 'en-GB', { dateStyle: 'long', timeZone }).format(at));
  return {
    subject: filled(subject, said), text: filled(text, said),
    html: html === null ? null : filled(html, (name) => escaped(said(name))),
  };
}

function filled(template: string, said: (name: string) => string): string {
  return template.replace(PLACEHOLDER, (_, name: string) => said(name));
}

const RICH = ['description', 'detailedDescription', 'motivation', 'decision'];
const DATES = ['createdAt', 'modifiedAt'];

function valueOf(name: string, { item, results }: Given, dateOf: (at: number) => string): string {
  const [first = '', step = '', member = '', ...rest] = name.split('.');
  if (first === 'extra') return textOf(own(item.extra, step));
  if (first === 'results') {
    const result = own(results, step);
    // names of fields may have points in them
    return textOf(member === 'fields' ? own(own(result, 'fields'), rest.join('.')) : own(result, member));
  }
  const value = own(item, first);
  if (DATES.includes(first) && typeof value === 'number') return dateOf(value);
  return RICH.includes(first) ? plain(textOf(value)) : textOf(value);
}


function own(of: unknown, name: string): unknown {
  return typeof of === 'object' && of !== null && Object.hasOwn(of, name) ? (of as Record<string, unknown>)[name] : undefined;
}

function textOf(value: unknown): string {
  if (Array.isArray(value)) return value.map(textOf).join(', ');
  return typeof value === 'string' ? value : typeof value === 'number' || typeof value === 'boolean' ? String(value) : '';
}

/** What a person reads in HTML, line by line. */
function plain(html: string): string {
  return html.replace(/<br\s*\/?>|<\/(?:p|div|tr|li|h[1-6])>/gi, '\n').replace(/<[^>]*>/g, '')
    .replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&quot;', '"').replaceAll('&nbsp;', ' ').replaceAll('&amp;', '&').trim();
}

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`).replace(/\r?\n/g, '<br>');
}

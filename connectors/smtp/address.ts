import { domainToASCII } from 'node:url';

export interface Address {
  /** Empty where there is none. */
  readonly name: string;
  readonly address: string;
}

/** Longest address that may be used in a transaction (RFC 5321 §4.5.3.1.3). */
const LONGEST = 254;

/** What RFC 5321 allows without quotes before the @. */
const LOCAL = /^[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*$/;
const DOMAIN = /^(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)(?:\.[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)*$/;

/** An address as people write it, `a@b.example` or `Name <a@b.example>`; undefined when it is not one. A line break makes it
 * none. The domain comes back in its ASCII form. */
export function parseAddress(text: string): Address | undefined {
  if (/[\p{Cc}\u2028\u2029]/u.test(text)) return undefined;
  const named = /^([^<>]*)<([^<>]+)>$/.exec(text.trim());
  const address = bareAddress((named?.[2] ?? text).trim());
  if (address === undefined) return undefined;
  return { name: (named?.[1] ?? '').trim().replace(/^"(.*)"$/, '$1'), address };
}

function bareAddress(text: string): string | undefined {
  const at = text.lastIndexOf('@');
  const local = text.slice(0, Math.max(at, 0));
  const domain = domainToASCII(text.slice(at + 1));
  const address = `${local}@${domain}`;
  return LOCAL.test(local) && DOMAIN.test(domain) && address.length <= LONGEST ? address : undefined;
}

/** What stands after the @. */
export function domainOf(address: string): string {
  return address.slice(address.lastIndexOf('@') + 1);
}

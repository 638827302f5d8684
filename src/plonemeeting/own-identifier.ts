const PREFIX = 'relais-item:';

/** The external identifier over there of an item to which its caller gave none, so that it can be recognised. */
export function ownIdentifier(uid: string): string {
  return `${PREFIX}${uid}`;
}

/** The uid in an identifier of our own, which callers are never shown; undefined for any other. */
export function uidInOwn(externalIdentifier: string): string | undefined {
  return externalIdentifier.startsWith(PREFIX) ? externalIdentifier.slice(PREFIX.length) : undefined;
}

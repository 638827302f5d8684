/** So much of a token stands for all of it: messages are cut, and a token with them. */
const KNOWN_BY = 12;

/** A failure without the token that the other side repeats in its words. Tokens are got while Relais runs, so nobody else knows that
 * they are secret. */
export function withoutToken<Failed extends Error>(failure: Failed, token: string): Failed {
  const [first = '', ...rest] = failure.message.split(token.slice(0, KNOWN_BY));
  failure.message = [first, ...rest.map((after) => after.replace(/^[^\s"'«»,;]*/, '[hidden]'))].join('');
  return failure;
}

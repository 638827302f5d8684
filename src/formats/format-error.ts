/** A file that is not what it should be. The message is for an operator: plain words, what was found and what was expected. */
export class FormatError extends Error {}

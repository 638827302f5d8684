/** What came is no answer that can be used; the message says why and goes on from «the answer …». */
export class NotUnderstood extends Error {}

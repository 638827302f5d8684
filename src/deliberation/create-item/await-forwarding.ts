/** What the system behind a meeting config said of a new item while its caller waited. */
export type ForwardingAnswer =
  /** It has the item. `warnings` in its own words. */
  | { readonly came: 'reached'; readonly warnings: readonly string[] }
  /** It will not take the item, which is withdrawn. `reason` in its own words. */
  | { readonly came: 'refused'; readonly reason: string }
  /** Nobody knows yet: the item is kept, and forwarded as soon as that can be done. */
  | { readonly came: 'not-yet' };

/** Waits, `withinMs` milliseconds at most, for what becomes of forwarding the item of ours with this uid. It never rejects: the item
 * is kept, and a caller who believes otherwise sends it again. */
export type AwaitForwarding = (uid: string, withinMs: number) => Promise<ForwardingAnswer>;

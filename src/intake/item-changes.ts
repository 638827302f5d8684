/** Changes of an item after its acceptance. Each is journalled and lets steps that waited for it go on, in the same
 * transaction. */
export interface ItemChanges {
  /** Puts the item into another review state. `from`: only if it is in that state now. False: there is no such item, or it
   * is in another state. */
  changeState(change: StateChange): Promise<boolean>;
}

export interface StateChange {
  readonly authority: string;
  readonly uid: string;
  readonly from: string | null;
  readonly to: string;
  /** Id of the transition. */
  readonly action: string;
  readonly actor: string;
  readonly comment: string;
  /** Meeting into which it is put; undefined: as it was. */
  readonly meeting?: string | null;
}

/** What an answer of Genesys Cloud says about the rate limit of its token. */
export interface Allowance {
  /** How many more requests it would take now. */
  readonly remaining: number;
  /** When its request left, ms, by the clock of `performance.now`; absent where it is not known. */
  readonly sentAtMs?: number;
  /** Its count of the requests of a minute; absent where it says nothing of it. */
  readonly count?: {
    readonly requests: number;
    readonly allowed: number;
    /** Until it forgets them, ms. */
    readonly resetMs: number;
  };
}

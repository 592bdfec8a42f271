import type { ErrorCode } from '../../src/core/errors.ts';
import type { Stage } from './stage.ts';
import type { RedisKind } from './stage-redis.ts';

/** How large a run of a row is. */
export interface Scale {
  /** How often the fault strikes. */
  readonly rounds: number;
  readonly replicas: number;
  /** Jobs that the load enqueues, at most. */
  readonly perSecond: number;
}

/** Does the faults of one run, while the load goes on. @returns how many there were */
export type Strike = () => Promise<number>;

/** What a fault needs of its stage, and may cause. */
export interface Trait {
  /** Settings of all processes, in addition to those of the stage. */
  readonly settings?: Readonly<Record<string, string>>;
  /** The rate limit of each of the two tenants. */
  readonly ratePerSecond?: number;
  /** One server by default. */
  readonly redis?: RedisKind;
  /** When Redis writes its append-only file to disk. `everysec` by default. */
  readonly appendfsync?: 'always' | 'everysec';
  /** Where the audit store is. SQLite by default. */
  readonly auditDatabase?: () => Promise<string>;
  readonly rules?: Rules;
}

/** One row of docs/reliability.md: a fault, and what it may cause. */
export interface Fault extends Trait {
  /** The argument of `npm run chaos`. */
  readonly name: string;
  /** The number of its group. */
  readonly group: number;
  /** One sentence for docs/reliability.md. */
  readonly what: string;
  readonly full: Scale;
  /** Opens what the fault needs before the workers start. */
  prepare(stage: Stage): Promise<Strike>;
}

/** What a row may have, although the general rules forbid it. */
export interface Rules {
  /** The codes of dead letters that the fault itself causes. */
  readonly deadLetters?: readonly ErrorCode[];
  /** No job may run a second time, unless Genesys Cloud answered too late. */
  readonly nothingTwice?: true;
  /** No request may get a 429. */
  readonly no429?: true;
  /**
   * When Redis loses data, it loses what it got within this time before, ms. Such jobs are lost by
   * definition, and what was noted about them is too.
   */
  readonly redisForgetsMs?: number;
}

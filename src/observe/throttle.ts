import type { Logger } from './logger.ts';

/** Writes a warning, unless the log has nearly the same warning already. */
export interface LogThrottle {
  /**
   * Logs the first warning of each kind, then one per period. That one has `suppressed`: the number
   * of warnings of its kind that were left out since the last one.
   *
   * @param about its `reason` decides the kind, without the ids and numbers in it.
   */
  warn(about: Warning, message: string): void;
  /** The trouble is over: the next warning of any kind is logged at once. */
  forget(): void;
}

interface Warning {
  readonly reason: string;
  readonly [field: string]: unknown;
}

export interface LogThrottleOptions {
  readonly logger: Pick<Logger, 'warn'>;
  readonly everyMs: number;
  /** Monotonic, ms. */
  readonly now?: () => number;
}

/** The memory for kinds is bounded: reasons that differ in words would fill it. */
const MAX_KINDS = 200;

export function createLogThrottle({
  logger,
  everyMs,
  now = () => performance.now(),
}: LogThrottleOptions): LogThrottle {
  const kinds = new Map<string, { readonly loggedAtMs: number; suppressed: number }>();
  return {
    warn(about, message) {
      const kind = `${message}: ${kindOf(about.reason)}`;
      const known = kinds.get(kind);
      if (known && now() - known.loggedAtMs < everyMs) {
        known.suppressed++;
        return;
      }
      if (!known && kinds.size >= MAX_KINDS) kinds.clear();
      kinds.set(kind, { loggedAtMs: now(), suppressed: 0 });
      const suppressed = known?.suppressed ?? 0;
      logger.warn({ ...about, ...(suppressed > 0 && { suppressed }) }, message);
    },
    forget: () => kinds.clear(),
  };
}

/** A text without ids, numbers and digests: they differ from one event to the next. */
export function kindOf(text: string): string {
  return text.replace(/[\w-]*\d[\w-]*/g, '#');
}

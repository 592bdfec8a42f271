import type { Health, Probes } from '../observe/metrics-server.ts';
import type { Heartbeat } from './heartbeat.ts';
import type { Watchdog } from './watchdog.ts';

/** What the probes of a worker look at. */
export interface Watched {
  readonly watchdog: Pick<Watchdog, 'isStuck'>;
  readonly heartbeat: Pick<Heartbeat, 'sinceBeatMs' | 'lifeMs'>;
}

/** The probes of a worker, which answer from its start on. */
export interface WorkerProbes extends Probes {
  /** The worker runs jobs now. */
  watch(watched: Watched): void;
  /** The worker takes no more jobs. It stays alive until its jobs have ended. */
  stop(): void;
}

/** Without a beat for so many lives, the worker does not reach Redis. */
const LIVES = 3;

/**
 * Answers by progress. A worker is alive as long as it looks at its queues and its event loop turns: a
 * blocked event loop answers no probe, and the watchdog ends a worker that takes no job. Redis that is
 * away makes a worker not ready and keeps it alive, because another process would not help.
 */
export function createProbes(): WorkerProbes {
  let watched: Watched | undefined;
  let isStopping = false;

  return {
    watch(parts) {
      watched = parts;
    },
    stop() {
      isStopping = true;
    },
    live: () =>
      watched?.watchdog.isStuck() ? unhealthy('the worker no longer looks at its queues') : { ok: true },
    ready() {
      if (isStopping) return unhealthy('the worker stops');
      if (!watched) return unhealthy('the worker starts');
      const { heartbeat } = watched;
      if (heartbeat.sinceBeatMs() <= LIVES * heartbeat.lifeMs) return { ok: true };
      return unhealthy('the worker does not reach Redis');
    },
  };
}

function unhealthy(reason: string): Health {
  return { ok: false, reason };
}

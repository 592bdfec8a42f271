import { Webhook } from 'standardwebhooks';
import { openReceiver, type Received } from '../support/receiver.ts';

/** The callbacks about one job. */
export interface JobCallbacks {
  /** How often each `webhook-id` was taken. */
  readonly timesById: Map<string, number>;
  /** The endings that they report: one, unless something is wrong. */
  readonly endings: Set<string>;
  /** When the first one came, ms. */
  readonly atMs: number;
  /** A callback says that an earlier attempt may also have been delivered. */
  mayBeRepetition: boolean;
  /** The code of the dead letter. */
  code?: string;
}

/** What the receiver does with a request. `reset`: the connection breaks before an answer. */
export type Mood = 'take' | 'reset' | 'silent' | { readonly slowMs: number };

/** The receiver of all tenants of a row. It verifies each callback with the reference library. */
export interface VerifyingReceiver {
  readonly url: string;
  /** Verified callbacks by job. */
  readonly byJob: ReadonlyMap<string, JobCallbacks>;
  /** Requests that are no callback of ours, or have a wrong signature. */
  forged(): number;
  /** From now on. */
  behave(mood: Mood): void;
}

interface Body {
  readonly type: string;
  readonly data: {
    readonly jobId: string;
    readonly mayBeRepetition?: boolean;
    readonly error?: { readonly code: string };
  };
}

/** @param secretOf the secret of the callbacks; known before the first one comes. */
export async function openVerifyingReceiver(secretOf: () => string): Promise<VerifyingReceiver> {
  const receiver = await openReceiver();
  const byJob = new Map<string, JobCallbacks>();
  let mood: Mood = 'take';
  let forged = 0;

  function take(seen: Received): number {
    const body = verified(secretOf(), seen);
    if (!body) {
      forged++;
      return 401;
    }
    note(byJob, String(seen.headers['webhook-id']), body);
    return 204;
  }

  receiver.usually((response, seen) => {
    if (mood === 'silent') return;
    if (mood === 'reset') return void response.req.socket.resetAndDestroy();
    const answer = () => {
      // The caller has hung up: it does not get the answer.
      if (!response.req.socket.destroyed) response.writeHead(take(seen)).end();
    };
    if (typeof mood === 'object') setTimeout(answer, mood.slowMs);
    else answer();
  });
  return {
    url: receiver.url,
    byJob,
    forged: () => forged,
    behave(next) {
      mood = next;
    },
  };
}

function verified(secret: string, { body, headers }: Received): Body | undefined {
  try {
    return new Webhook(secret).verify(body, headers as Record<string, string>) as Body;
  } catch {
    return undefined;
  }
}

function note(byJob: Map<string, JobCallbacks>, id: string, { type, data }: Body): void {
  const known = byJob.get(data.jobId) ?? {
    timesById: new Map<string, number>(),
    endings: new Set<string>(),
    atMs: Date.now(),
    mayBeRepetition: false,
  };
  byJob.set(data.jobId, known);
  known.timesById.set(id, (known.timesById.get(id) ?? 0) + 1);
  known.endings.add(type);
  known.mayBeRepetition ||= data.mayBeRepetition === true;
  if (data.error) known.code = data.error.code;
}

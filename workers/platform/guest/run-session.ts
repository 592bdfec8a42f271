import { CodedError } from '../../../src/core/errors.ts';
import type { JobContext } from '../../../src/runtime/handler.ts';
import type { RetryUntilAborted } from '../../../src/runtime/retry-until-aborted.ts';
import { addressAt } from '../../../src/tenants/hosts.ts';
import type { Connection, Target } from '../../../src/webmessaging/connection.ts';
import type { GuestChannel } from '../../../src/webmessaging/guest-channel.ts';
import { windowOf } from '../../../src/webmessaging/request-log.ts';
import {
  type Entry,
  idOf,
  type SessionNote,
  type SessionRef,
  type SessionState,
} from '../../../src/webmessaging/sessions.ts';
import { settingsOf } from '../route.ts';
import { Wait, waitOrReschedule } from './wait.ts';

export interface GuestOptions {
  readonly channel: GuestChannel;
  readonly retryUntilAborted: RetryUntilAborted;
  /** Longest time that an attempt may take, ms. */
  readonly attemptMs: number;
}

type GuestJob = Pick<JobContext<unknown>, 'jobId' | 'run' | 'tenant' | 'signal' | 'ending'>;

/** The session of a conversation, as one run uses it. */
export interface RunSession {
  /** Id of the last message that the channel accepted, once the run has the lease. */
  lastMessageId(): string;
  /**
   * Takes the lease and the right to send, and connects if needed.
   * @returns undefined for a typing event that comes shortly behind another one
   * @throws {Wait} if the session may not send now; {CodedError} CONVERSATION_CLOSED
   */
  connect(sends: 'message' | 'typing' | 'file'): Promise<Connection | undefined>;
  /** The same to read: also of a session that takes no more messages. It never begins a new one. */
  connectToRead(): Promise<Connection>;
  /** The channel has accepted a message. */
  accepted(messageId: string): void;
  /** The connection cannot be relied on: the next one is new. */
  drop(): void;
  /** The channel takes no more messages of the session. @throws unless a new session may begin */
  endedWith(error: CodedError): Promise<void>;
  /**
   * The session sends nothing for a while; the tenant goes on.
   * @param isTooFast the session itself was too fast: it goes slower behind the pause
   */
  pause(pauseMs: number, isTooFast: boolean): Promise<void>;
  /** Gives lease and connection back. */
  leave(): Promise<void>;
}

/** A lease is longer than the attempt by this time, ms, so that no other run begins before its end. */
const LEASE_MARGIN_MS = 1000;

export function openRunSession(
  job: GuestJob,
  conversationId: string,
  { channel, retryUntilAborted, attemptMs }: GuestOptions,
): RunSession {
  const { tenant, signal } = job;
  const settings = settingsOf(tenant, 'webmessaging');
  const { deploymentId } = settings;
  const ref: SessionRef = {
    tenant,
    deploymentId,
    conversationId,
    run: `${job.jobId}:${job.run}`,
  };
  const id = `${tenant.id} ${idOf(ref)}`;
  let state: SessionState | undefined;
  let connection: Connection | undefined;
  /** The id of an accepted message that Redis does not have yet. */
  let acceptedId: string | undefined;

  const redis = <Result>(act: () => Promise<Result>) => retryUntilAborted(act, job.ending);

  async function note(facts: SessionNote): Promise<boolean> {
    const isHeld = await redis(() =>
      channel.sessions.note(ref, {
        ...facts,
        ...(acceptedId !== undefined && { acceptedId }),
        durationSeconds: connection?.session.durationSeconds,
      }),
    );
    acceptedId = undefined;
    return isHeld;
  }

  /** @returns undefined for a typing event that is too early */
  async function enter(sends: Entry['sends']): Promise<SessionState | undefined> {
    if (acceptedId !== undefined) await note({});
    const entry: Entry = { leaseMs: attemptMs + LEASE_MARGIN_MS, ...(sends && { sends }) };
    for (;;) {
      const entered = await redis(() => channel.sessions.enter(ref, entry));
      if (entered.verdict === 'go') return entered;
      if (entered.verdict === 'early') return undefined;
      const { waitMs, reason } = entered;
      if (reason === 'busy') throw new Wait(waitMs, 'session-busy');
      await waitOrReschedule(waitMs, `session-${reason}`, signal);
    }
  }

  const targetOf = (token: string): Target => ({
    url: addressAt(tenant.hosts.webmessaging ?? '', `/v1?${new URLSearchParams({ deploymentId })}`),
    deploymentId,
    origin: settings.origin,
    token,
    requests: windowOf(settings.requestsPerMinute, 60_000),
  });

  /** @throws {CodedError} CONVERSATION_CLOSED for a session that is over */
  async function join({ token, isKnown }: SessionState, reads: boolean): Promise<Connection> {
    if (connection?.isUsable() && connection.target.token === token) return connection;
    if (token === undefined) throw closed('its token cannot be read; the client secret has changed');
    const taken = await channel.pool.take(id, targetOf(token), signal);
    connection = taken.connection;
    if (!taken.isNew) return connection;
    const { connected, newSession, readOnly } = connection.session;
    if (newSession && isKnown) throw closed('the channel knows the session no more');
    if (!connected || (readOnly && !reads)) throw closed('the session is read-only');
    if (!isKnown && !(await note({ isKnown: true }))) throw new Wait(0, 'session-busy');
    return connection;
  }

  async function renew(): Promise<SessionState> {
    const token = await redis(() => channel.sessions.renew(ref));
    if (token === undefined) throw new Wait(0, 'session-busy');
    return { token, isKnown: false, isClosed: false, lastMessageId: '' };
  }

  async function endedWith(error: CodedError): Promise<void> {
    drop();
    await note({ isClosed: true });
    if (settings.onClosed === 'refuse') throw error;
    state = await renew();
  }

  function drop(): void {
    connection?.close();
    connection = undefined;
  }

  return {
    lastMessageId: () => state?.lastMessageId ?? '',
    async connect(sends) {
      state = await enter(sends === 'file' ? undefined : sends);
      if (!state) return undefined;
      try {
        if (state.isClosed) throw closed('the session has ended');
        connection = await join(state, false);
      } catch (error) {
        if (!isClosed(error)) throw error;
        await endedWith(error);
        // A session that has just begun is not over: a second failure is one.
        connection = await join(state, false);
      }
      await waitOrReschedule(connection.waitMs(), 'connection-rate', signal);
      return connection;
    },
    async connectToRead() {
      state = (await enter(undefined)) as SessionState;
      try {
        connection = await join(state, true);
        return connection;
      } catch (error) {
        // The channel would take the next configure for one of a session that it knows.
        if (isClosed(error)) await note({ isClosed: true });
        throw error;
      }
    },
    accepted(messageId) {
      acceptedId = messageId;
      if (state) state = { ...state, lastMessageId: messageId };
    },
    drop,
    endedWith,
    async pause(pauseMs, isTooFast) {
      await note({ pauseMs, isTooFast });
    },
    async leave() {
      // What fails here ends by itself: the lease at its time, the connection with its process.
      if (state) await note({ releases: true }).catch(() => {});
      if (connection) channel.pool.give(id, connection);
      connection = undefined;
    },
  };
}

function closed(reason: string): CodedError {
  return new CodedError('CONVERSATION_CLOSED', `configureSession: ${reason}`);
}

function isClosed(error: unknown): error is CodedError {
  return error instanceof CodedError && error.code === 'CONVERSATION_CLOSED';
}

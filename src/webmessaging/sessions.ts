import { createHash, randomUUID } from 'node:crypto';
import type { RedisClient } from '../redis/connect.ts';
import type { Keys } from '../redis/keys.ts';
import { loadScript, type ScriptArgument } from '../redis/script.ts';
import { open, seal } from '../seal/by-secret.ts';
import type { Tenant } from '../tenants/tenant.ts';
import { type WindowLimit, windowOf } from './request-log.ts';
import { TYPING_EVERY_MS } from './requests.ts';

/** The session of one conversation of a tenant. */
export interface SessionRef {
  readonly tenant: Tenant;
  readonly deploymentId: string;
  readonly conversationId: string;
  /** The run that sends. No two runs share a name. */
  readonly run: string;
}

/** What a run wants of a session. */
export interface Entry {
  /** What is sent next. Without it the run only gets the lease. */
  readonly sends?: 'message' | 'typing';
  /** When the lease ends by itself, ms from now: the attempt must be over by then. */
  readonly leaseMs: number;
}

/** Whether a run may use a session now. session-enter.lua has the verdicts. */
export type Entered =
  | ({ readonly verdict: 'go' } & SessionState)
  | { readonly verdict: 'wait'; readonly waitMs: number; readonly reason: 'busy' | 'paused' | 'rate' }
  /** A typing event was sent shortly before. */
  | { readonly verdict: 'early' };

export interface SessionState {
  /** Undefined if it cannot be read, as after a change of the client secret. */
  readonly token: string | undefined;
  /** The channel has configured the session before. */
  readonly isKnown: boolean;
  /** The channel takes no more messages of it. */
  readonly isClosed: boolean;
  /** Id of the last message that the channel accepted; empty before the first one. */
  readonly lastMessageId: string;
}

/** What a run has learned about a session. */
export interface SessionNote {
  /** Id of a message that the channel has just accepted. */
  readonly acceptedId?: string;
  readonly pauseMs?: number;
  /** The channel has answered that the session is too fast: its pace is halved for a while. */
  readonly isTooFast?: boolean;
  readonly isKnown?: boolean;
  readonly isClosed?: boolean;
  /** Gives the lease back. */
  readonly releases?: boolean;
  /** How long the channel keeps the session without a message, s. */
  readonly durationSeconds?: number | undefined;
}

/** The sessions of all conversations, in Redis. session.lua draws their states. */
export interface Sessions {
  /** Asks for the lease. The first run of a conversation makes the token. */
  enter(ref: SessionRef, entry: Entry): Promise<Entered>;
  /** @returns false if the run has lost the lease */
  note(ref: SessionRef, note: SessionNote): Promise<boolean>;
  /** Makes a new token. @returns undefined if the run has lost the lease */
  renew(ref: SessionRef): Promise<string | undefined>;
}

export interface SessionsOptions {
  readonly client: RedisClient;
  readonly keys: Keys;
  readonly secretOf: (tenant: Tenant) => string;
  /** How long a session is remembered after it has ended by itself, ms. */
  readonly keepMs: number;
  /** Clock of the tests. Without it the clock of Redis counts. */
  readonly now?: () => number;
}

/** The life of a session by default: three days after its last message, s. */
const USUAL_LIFE_SECONDS = 259_200;
/** The longest life that Genesys Cloud allows is 18 months; s. */
const MAX_LIFE_SECONDS = 600 * 86_400;

export function createSessions({ client, keys, secretOf, keepMs, now }: SessionsOptions): Sessions {
  const load = (act: string) => loadScript(client, fileOf(`session-${act}`), [fileOf('session')]);
  const scripts = { enter: load('enter'), note: load('note'), renew: load('renew') };

  const run = async (act: keyof typeof scripts, ref: SessionRef, args: readonly ScriptArgument[]) => {
    const key = keys.guestSession(ref.tenant.id, idOf(ref));
    return await scripts[act].run(key, [now?.() ?? '', key, ref.run, ...args]);
  };
  const sealed = (ref: SessionRef, token: string) => seal(token, secretOf(ref.tenant), contextOf(ref));
  const lifeMs = (seconds = USUAL_LIFE_SECONDS) =>
    Math.ceil(Math.min(seconds, MAX_LIFE_SECONDS) * 1000 + keepMs);

  async function ask(ref: SessionRef, { sends, leaseMs }: Entry, token: string): Promise<EnterReply> {
    const { count, windowMs } = messageWindow(ref.tenant);
    const args = [token, Math.ceil(leaseMs), sends ?? '', count, windowMs, TYPING_EVERY_MS, lifeMs()];
    return (await run('enter', ref, args)) as EnterReply;
  }

  return {
    async enter(ref, entry) {
      let reply = await ask(ref, entry, '');
      if (reply[0] === 'absent') reply = await ask(ref, entry, sealed(ref, randomUUID()));
      const [verdict, waitMs, token, isKnown, isClosed, lastMessageId] = reply;
      if (verdict === 'early') return { verdict };
      if (verdict !== 'go') return { verdict: 'wait', waitMs, reason: verdict as 'busy' };
      return {
        verdict,
        token: open(token, secretOf(ref.tenant), contextOf(ref)),
        isKnown: isKnown === 1,
        isClosed: isClosed === 1,
        lastMessageId,
      };
    },

    async note(ref, { acceptedId = '', pauseMs = 0, durationSeconds, ...note }) {
      const flagOf = (flag = false) => Number(flag);
      const args = [
        acceptedId,
        Math.ceil(pauseMs),
        ...[note.isKnown, note.isClosed, note.releases].map(flagOf),
        lifeMs(durationSeconds),
        flagOf(note.isTooFast),
      ];
      return (await run('note', ref, args)) === 1;
    },

    async renew(ref) {
      const token = randomUUID();
      const isDone = (await run('renew', ref, [sealed(ref, token)])) === 1;
      return isDone ? token : undefined;
    },
  };
}

type EnterReply = [
  verdict: string,
  waitMs: number,
  token: string,
  isKnown: number,
  isClosed: number,
  lastMessageId: string,
];

/** Messages that a session of this tenant may send. */
function messageWindow({ platform }: Tenant): WindowLimit {
  return windowOf(platform.webmessaging?.messagesPerSecond ?? 1, 1000);
}

/** The id of a session in Redis. It says nothing about the conversation. */
export function idOf({ deploymentId, conversationId }: SessionRef): string {
  const digest = createHash('sha256').update(JSON.stringify([deploymentId, conversationId]));
  return digest.digest('hex').slice(0, 32);
}

function contextOf(ref: SessionRef): string {
  return JSON.stringify([ref.tenant.id, 'guest-session', idOf(ref)]);
}

function fileOf(name: string): URL {
  return new URL(`./${name}.lua`, import.meta.url);
}

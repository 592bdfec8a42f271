import type { ScriptArgument } from '../redis/script.ts';
import type { FlowOptions, Scripts } from './scripts.ts';

/** Acts of workers on jobs: admissions and conclusions. */
export interface Acts {
  /**
   * Performs an act together with all others of this turn of the event loop, in the order of the calls.
   * An act that fails fails alone. When the call fails, Redis may have performed any of its acts; each
   * act may be repeated.
   * @param args the act as acts.lua reads it.
   */
  perform(partition: number, args: readonly ScriptArgument[]): Promise<unknown>;
}

interface Act {
  readonly args: readonly ScriptArgument[];
  readonly resolve: (reply: unknown) => void;
  readonly reject: (error: unknown) => void;
}

/** Acts of one script, which keep Redis from other clients for about four milliseconds. */
const ACTS_AT_ONCE = 64;

export function createActs(scripts: Scripts, { attemptMs, ledgerTtlMs }: FlowOptions): Acts {
  const waiting = new Map<number, Act[]>();

  function sendAll(): void {
    for (const [partition, acts] of waiting) {
      for (let at = 0; at < acts.length; at += ACTS_AT_ONCE) {
        void send(partition, acts.slice(at, at + ACTS_AT_ONCE));
      }
    }
    waiting.clear();
  }

  async function send(partition: number, acts: readonly Act[]): Promise<void> {
    try {
      const args = [attemptMs, ledgerTtlMs, ...acts.flatMap((act) => act.args)];
      const replies = (await scripts.run('acts', partition, args)) as unknown[];
      for (const [index, act] of acts.entries()) settle(act, replies[index]);
    } catch (error) {
      for (const { reject } of acts) reject(error);
    }
  }

  return {
    perform(partition, args) {
      return new Promise((resolve, reject) => {
        if (waiting.size === 0) setImmediate(sendAll);
        const act = { args, resolve, reject };
        const acts = waiting.get(partition);
        if (acts) acts.push(act);
        else waiting.set(partition, [act]);
      });
    },
  };
}

function settle({ resolve, reject }: Act, reply: unknown): void {
  const [word, message] = Array.isArray(reply) ? reply : [];
  if (word === 'failed') reject(new ReplyError(String(message)));
  else resolve(reply);
}

/** An error of one act, under the name that errors of Redis have. */
class ReplyError extends Error {
  override readonly name = 'ReplyError';
}

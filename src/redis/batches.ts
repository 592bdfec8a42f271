import type { ScriptArgument } from './script.ts';

/** Gathers acts of one turn of the event loop, so that one script performs them. */
export interface Batches {
  /**
   * Performs an act together with all others of this turn of the event loop, in the order of the calls.
   * An act that fails fails alone. When the script fails, Redis may have performed any of its acts; so
   * each act must be harmless when it is repeated.
   * @param args the act as the script reads it.
   */
  perform(partition: number, args: readonly ScriptArgument[]): Promise<unknown>;
}

/** Runs one script. Returns the reply of each act. */
export type SendBatch = (partition: number, acts: readonly ScriptArgument[]) => Promise<readonly unknown[]>;

interface Act {
  readonly args: readonly ScriptArgument[];
  readonly resolve: (reply: unknown) => void;
  readonly reject: (error: unknown) => void;
}

/** Acts of one script, which keep Redis from other clients for about four milliseconds. */
const ACTS_AT_ONCE = 64;

/** Each partition has scripts of its own. No act waits for a timer. */
export function createBatches(send: SendBatch): Batches {
  const waiting = new Map<number, Act[]>();

  function sendAll(): void {
    for (const [partition, acts] of waiting) {
      for (let at = 0; at < acts.length; at += ACTS_AT_ONCE) {
        void sendOne(partition, acts.slice(at, at + ACTS_AT_ONCE));
      }
    }
    waiting.clear();
  }

  async function sendOne(partition: number, acts: readonly Act[]): Promise<void> {
    try {
      const args = acts.flatMap((act) => act.args);
      const replies = await send(partition, args);
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

/** The script replies `{'failed', error}` for an act that failed. */
function settle({ resolve, reject }: Act, reply: unknown): void {
  const [word, message] = Array.isArray(reply) ? reply : [];
  if (word === 'failed') reject(new ReplyError(String(message)));
  else resolve(reply);
}

/** An error of one act, under the name that errors of Redis have. */
class ReplyError extends Error {
  override readonly name = 'ReplyError';
}

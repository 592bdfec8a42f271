import type { ScriptArgument } from './script.ts';

/** Gathers acts of one turn of the event loop, so that one script performs them. */
export interface Batches {
  /**
   * Performs an act together with all others of this turn of the event loop, in the order of the calls.
   * An act that fails fails alone. When the script fails, Redis may have performed any of its acts; so
   * each act must be harmless when it is repeated.
   * @param owner of the state that the script reads once for all of its acts.
   * @param args the act as the script reads it.
   */
  perform(partition: number, owner: string, args: readonly ScriptArgument[]): Promise<unknown>;
}

/** Runs one script. Returns the reply of each act. */
export type SendBatch = (partition: number, acts: readonly ScriptArgument[]) => Promise<readonly unknown[]>;

interface Act {
  readonly owner: string;
  readonly args: readonly ScriptArgument[];
  readonly resolve: (reply: unknown) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * What acts cost in a script. Redis serves no other client while it runs: at the highest cost for about four
 * milliseconds. These are 64 acts of one owner, or 26 of different ones.
 */
const COST = { act: 2, owner: 3, highest: 131 };

/** Each partition has scripts of its own. No act waits for a timer. */
export function createBatches(send: SendBatch): Batches {
  const waiting = new Map<number, Act[]>();

  function sendAll(): void {
    for (const [partition, acts] of waiting) {
      for (const some of scriptsOf(acts)) void sendOne(partition, some);
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
    perform(partition, owner, args) {
      return new Promise((resolve, reject) => {
        if (waiting.size === 0) setImmediate(sendAll);
        const act = { owner, args, resolve, reject };
        const acts = waiting.get(partition);
        if (acts) acts.push(act);
        else waiting.set(partition, [act]);
      });
    },
  };
}

/** Splits acts into scripts, in their order. */
function* scriptsOf(acts: readonly Act[]): Generator<readonly Act[]> {
  let [from, cost] = [0, 0];
  const owners = new Set<string>();
  for (const [at, { owner }] of acts.entries()) {
    const more = COST.act + (owners.has(owner) ? 0 : COST.owner);
    if (cost + more > COST.highest) {
      yield acts.slice(from, at);
      [from, cost] = [at, 0];
      owners.clear();
    }
    cost += COST.act + (owners.has(owner) ? 0 : COST.owner);
    owners.add(owner);
  }
  yield acts.slice(from);
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

import { connect, createServer } from 'node:net';
import { listen } from './listen.ts';
import { commandIn } from './redis-commands.ts';

/** A proxy to a Redis that refuses chosen commands. */
export interface RefusingProxy {
  readonly url: string;
  /** Answers the next `times` matching commands with this error. Redis does not run them. */
  refuse(command: RegExp, times: number, error?: string): Refusal;
}

/** The refusals of one pattern. */
export interface Refusal {
  /** How many are left. */
  left(): number;
  /** How many there were. */
  count(): number;
  /** From now on Redis gets these commands. */
  end(): void;
}

const NO_MEMORY = "OOM command not allowed when used memory > 'maxmemory'.";

/** Opens a proxy that closes at the end of the test or file. */
export async function openRefusingProxy(serverUrl: string): Promise<RefusingProxy> {
  const { hostname, port } = new URL(serverUrl);
  const refusals: { readonly command: RegExp; readonly error: string; times: number; count: number }[] = [];

  /** The command that goes to Redis in place of a refused one, so that answers keep their order. */
  function passedOn(command: Buffer, words: string): Buffer {
    const refusal = refusals.find(({ command: wanted, times }) => times > 0 && wanted.test(words));
    if (!refusal) return command;
    refusal.times--;
    refusal.count++;
    return written(['EVAL', 'return redis.error_reply(ARGV[1])', '0', refusal.error]);
  }

  const server = createServer((near) => {
    const far = connect(Number(port), hostname);
    let bytes: Buffer = Buffer.alloc(0);
    near.on('data', (chunk) => {
      bytes = Buffer.concat([bytes, chunk]);
      for (;;) {
        const found = commandIn(bytes);
        if (!found) return;
        far.write(passedOn(bytes.subarray(0, found.end), found.words));
        bytes = bytes.subarray(found.end);
      }
    });
    far.on('data', (chunk) => near.write(chunk));
    for (const [socket, other] of [
      [near, far],
      [far, near],
    ] as const) {
      socket.on('error', () => {}).on('close', () => other.destroy());
    }
  });
  const ownPort = await listen(server);
  return {
    url: serverUrl.replace(port, String(ownPort)),
    refuse(command, times, error = NO_MEMORY) {
      const refusal = { command, error, times, count: 0 };
      refusals.push(refusal);
      return {
        left: () => refusal.times,
        count: () => refusal.count,
        end: () => {
          refusal.times = 0;
        },
      };
    },
  };
}

function written(words: readonly string[]): Buffer {
  const parts = words.map((word) => `$${Buffer.byteLength(word)}\r\n${word}\r\n`);
  return Buffer.from(`*${words.length}\r\n${parts.join('')}`);
}

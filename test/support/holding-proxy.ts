import { connect, createServer } from 'node:net';
import { listen } from './listen.ts';
import { commandIn } from './redis-commands.ts';
import { waitFor } from './wait-for.ts';

/** A proxy to a Redis that can hold commands on their way, as a slow network does. */
export interface HoldingProxy {
  readonly url: string;
  /** From now on holds matching commands, and those behind them on their connections. */
  hold(command: RegExp): Hold;
}

export interface Hold {
  /** Resolves when a command is held. */
  held(): Promise<void>;
  /** Redis gets the held commands, also after their sender has died. */
  release(): void;
}

interface Rule {
  readonly command: RegExp;
  isOver: boolean;
  readonly waiting: Set<() => void>;
}

/** Opens a proxy that closes at the end of the test or file. */
export async function openHoldingProxy(serverUrl: string): Promise<HoldingProxy> {
  const { hostname, port } = new URL(serverUrl);
  const rules: Rule[] = [];

  const server = createServer((near) => {
    const far = connect(Number(port), hostname);
    let bytes: Buffer = Buffer.alloc(0);
    let blocking: Rule | undefined;
    let hasLeft = false;
    const passOn = () => {
      while (blocking === undefined || blocking.isOver) {
        const found = commandIn(bytes);
        if (!found) break;
        blocking = rules.find(({ command, isOver }) => !isOver && command.test(found.words));
        if (blocking) return void blocking.waiting.add(passOn);
        far.write(bytes.subarray(0, found.end));
        bytes = bytes.subarray(found.end);
      }
      if (hasLeft) far.end();
    };
    near.on('data', (chunk) => {
      bytes = Buffer.concat([bytes, chunk]);
      passOn();
    });
    near.on('error', () => {});
    near.on('close', () => {
      hasLeft = true;
      passOn();
    });
    far.on('data', (chunk) => near.write(chunk));
    far.on('error', () => {});
    far.on('close', () => near.destroy());
  });
  const ownPort = await listen(server);
  return {
    url: serverUrl.replace(port, String(ownPort)),
    hold(command) {
      const rule: Rule = { command, isOver: false, waiting: new Set() };
      rules.push(rule);
      return {
        async held() {
          await waitFor(() => rule.waiting.size > 0, { what: `a held command like ${command}` });
        },
        release() {
          rule.isOver = true;
          for (const passOn of rule.waiting) passOn();
        },
      };
    },
  };
}

import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { onEnd } from './lifetime.ts';

/** A way to a server on which connections can fall silent, as when a firewall forgets them. */
export interface FreezingProxy {
  /** The address of the server by way of the proxy. */
  readonly url: string;
  /**
   * Connections that exist now carry nothing any more, and neither side is told: no FIN, no RST. New ones work.
   * @returns how many there are.
   */
  freeze(): number;
  /** From now on new connections are taken, and carry nothing either; or work again. */
  freezeNew(isFrozen: boolean): void;
  /** New connections go to another server, as when a name gets another address. */
  leadTo(serverUrl: string): void;
}

interface Pair {
  readonly sockets: readonly [Socket, Socket];
  isFrozen: boolean;
}

/** Opens a proxy that is gone when the test, or the file, ends. */
export async function openFreezingProxy(serverUrl: string): Promise<FreezingProxy> {
  const pairs = new Set<Pair>();
  let target = new URL(serverUrl);
  let freezesNew = false;

  const server = createServer((near) => {
    const far = connect(Number(target.port), target.hostname);
    const pair: Pair = { sockets: [near, far], isFrozen: freezesNew };
    pairs.add(pair);
    pass(near, far, pair);
    pass(far, near, pair);
  });

  function pass(from: Socket, to: Socket, pair: Pair): void {
    from.on('data', (chunk) => {
      if (!pair.isFrozen) to.write(chunk);
    });
    from.on('error', () => {});
    from.on('close', () => {
      // The other side of a frozen connection never hears of it.
      if (pair.isFrozen) return;
      to.destroy();
      pairs.delete(pair);
    });
  }

  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onEnd(async () => {
    server.close();
    for (const { sockets } of pairs) for (const socket of sockets) socket.destroy();
    await once(server, 'close');
  });
  const url = new URL(serverUrl);
  url.port = String((server.address() as AddressInfo).port);

  return {
    url: url.href,
    freeze() {
      const live = [...pairs].filter(({ isFrozen }) => !isFrozen);
      for (const pair of live) pair.isFrozen = true;
      return live.length;
    },
    freezeNew(isFrozen) {
      freezesNew = isFrozen;
    },
    leadTo(serverUrlNow) {
      target = new URL(serverUrlNow);
    },
  };
}

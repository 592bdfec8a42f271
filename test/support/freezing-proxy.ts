import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { onEnd } from './lifetime.ts';

/** A proxy to a server. Its connections can fall silent, as behind a firewall that forgets them. */
export interface FreezingProxy {
  /** The address of the server through the proxy. */
  readonly url: string;
  /**
   * Freezes the present connections: they carry nothing, and neither side gets a FIN or RST. New
   * ones work.
   * @returns their number.
   */
  freeze(): number;
  /** From now on the proxy accepts new connections that carry nothing, or that work again. */
  freezeNew(isFrozen: boolean): void;
  /** Sends new connections to another server, as after a change of a name's address. */
  leadTo(serverUrl: string): void;
}

interface Pair {
  readonly sockets: readonly [Socket, Socket];
  isFrozen: boolean;
}

/** Opens a proxy that closes at the end of the test or file. */
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
      // The other side of a frozen connection gets no sign of it.
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

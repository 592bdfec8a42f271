import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { onEnd } from './lifetime.ts';

/** A network link to a server, with any delay. */
export interface Link {
  /** The address of the server through the link. */
  readonly url: string;
  /** Drops the data of both sides from now on, or stops dropping. Connections stay. */
  silence(isSilent: boolean): void;
}

/** Opens a link with the delay `delayMs` to the server and `backMs` from it. */
export async function openLink(serverUrl: string, delayMs: number, backMs = 0): Promise<Link> {
  const { hostname, port } = new URL(serverUrl);
  const sockets = new Set<Socket>();
  let isSilent = false;
  const link = createServer((near) => {
    const far = connect(Number(port), hostname);
    for (const [socket, other] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(socket);
      socket.on('error', () => {});
      socket.on('close', () => {
        sockets.delete(socket);
        other.destroy();
      });
    }
    near.on('data', (chunk) => {
      if (!isSilent) setTimeout(() => far.write(chunk), delayMs);
    });
    far.on('data', (chunk) => {
      if (isSilent) return;
      if (backMs > 0) setTimeout(() => near.write(chunk), backMs);
      else near.write(chunk);
    });
  });
  link.listen(0, '127.0.0.1');
  await once(link, 'listening');
  onEnd(async () => {
    link.close();
    for (const socket of sockets) socket.destroy();
    await once(link, 'close');
  });
  return {
    url: serverUrl.replace(port, String((link.address() as AddressInfo).port)),
    silence(isSilentNow) {
      isSilent = isSilentNow;
    },
  };
}

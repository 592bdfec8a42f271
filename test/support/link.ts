import { connect, createServer } from 'node:net';
import { listen } from './listen.ts';

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
  let isSilent = false;
  const link = createServer((near) => {
    const far = connect(Number(port), hostname);
    for (const [socket, other] of [
      [near, far],
      [far, near],
    ] as const) {
      socket.on('error', () => {}).on('close', () => other.destroy());
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
  const ownPort = await listen(link);
  return {
    url: serverUrl.replace(port, String(ownPort)),
    silence(isSilentNow) {
      isSilent = isSilentNow;
    },
  };
}

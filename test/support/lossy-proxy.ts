import { once } from 'node:events';
import { type AddressInfo, connect, createServer } from 'node:net';
import { onEnd } from './lifetime.ts';

/** A proxy to a Redis that can lose a reply. */
export interface LossyProxy {
  readonly url: string;
  /** Breaks the connection in place of the next reply. Redis has run the command. */
  dropNextReply(): void;
  /** Replies that were lost. */
  dropped(): number;
}

/** A proxy that passes a command on, and breaks the connection in place of its reply. */
export async function openLossyProxy(serverUrl: string): Promise<LossyProxy> {
  const { hostname, port } = new URL(serverUrl);
  let isArmed = false;
  let dropped = 0;
  const server = createServer((near) => {
    const far = connect(Number(port), hostname);
    near.on('data', (bytes) => far.write(bytes));
    far.on('data', (bytes) => {
      if (!isArmed) return void near.write(bytes);
      isArmed = false;
      dropped++;
      near.destroy();
    });
    near.on('error', () => {}).on('close', () => far.destroy());
    far.on('error', () => {}).on('close', () => near.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onEnd(() => server.close());
  return {
    url: serverUrl.replace(port, String((server.address() as AddressInfo).port)),
    dropNextReply: () => {
      isArmed = true;
    },
    dropped: () => dropped,
  };
}

import { once } from 'node:events';
import { createServer } from 'node:http';
import { connect, type Socket } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { expect, test } from 'vitest';
import { answerUnreadable } from '../../../src/http/unreadable.ts';
import { onEnd } from '../../support/lifetime.ts';
import { listen } from '../../support/listen.ts';

/** More than the buffers of two sockets. */
const LONG = Buffer.alloc(16 * 1024 * 1024, 'x');

test('noise behind an answer that is on its way does not cut it off', async () => {
  const server = createServer();
  answerUnreadable({ server } as never);
  const port = await listen(server);
  const caller = connect(port, '127.0.0.1').pause();
  onEnd(() => void caller.destroy());
  const [socket] = (await once(server, 'connection')) as [Socket];

  socket.end(LONG);
  server.emit('clientError', new Error('Parse Error'), socket);
  server.emit('clientError', new Error('Parse Error'), socket);

  expect(await buffer(caller)).toHaveLength(LONG.length);
});

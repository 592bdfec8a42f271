import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { describe, expect, test, vi } from 'vitest';
import { openSandbox } from '../../../src/sandbox/server.ts';
import { guideMessage } from '../../support/guides/message.ts';
import { messagesPath, openStage, type Stage } from './caller.ts';

/** The longest wait of a fault. */
const FAULT_MS = 60_000;

describe('opening a sandbox', () => {
  test('takes a free port of this machine only, so that several sandboxes can run at once', async () => {
    await using first = await openSandbox();
    await using second = await openSandbox();
    expect(first.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    expect(first.url).not.toBe(second.url);
    for (const { url } of [first, second]) expect((await fetch(`${url}/__sandbox/stats`)).status).toBe(200);
  });

  test('fails with the reason for an invalid client', async () => {
    const client = { tenant: '', clientId: 'a', clientSecret: 'b', scopes: [] };
    await expect(openSandbox({ clients: [client] })).rejects.toThrow(
      'options.clients is not a valid list of clients:\n  [0].tenant: wanted',
    );
  });

  test('fails if another program has the port', async () => {
    await using sandbox = await openSandbox();
    await expect(openSandbox({ port: Number(new URL(sandbox.url).port) })).rejects.toThrow('EADDRINUSE');
  });
});

describe('closing a sandbox', () => {
  test('closes hanging, waiting and slow requests and an idle connection, and leaves no timer', async () => {
    const timersBefore = openTimers();
    const stage = await openStage();
    const text = rawRequests(await stage.tokenOf('acme'));
    const connections = [await openConnection(stage.sandbox.url)];
    const [late, slow] = [{ latencyMs: FAULT_MS }, { slowBodyMs: FAULT_MS }];
    for (const faults of [{ hang: 1 }, late, late, late, slow, slow, slow]) {
      await stage.inject({ operations: { 'message.send': faults } });
      const connection = await openConnection(stage.sandbox.url);
      connection.write(text);
      connections.push(connection);
      // The sandbox logs the second request of a connection after the start of the first one.
      await vi.waitUntil(async () => (await unknownRequests(stage)) === connections.length - 1);
    }
    const closed = connections.map((connection) => once(connection, 'close'));
    const startedAtMs = performance.now();
    await stage.sandbox.close();
    await Promise.all(closed);
    expect(performance.now() - startedAtMs).toBeLessThan(FAULT_MS);
    expect(openTimers()).toBeLessThanOrEqual(timersBefore);
  });

  test('may be repeated', async () => {
    const sandbox = await openSandbox();
    await Promise.all([sandbox.close(), sandbox.close()]);
    await sandbox.close();
    await expect(fetch(sandbox.url)).rejects.toThrow('fetch failed');
  });
});

function rawRequests(token: string): string {
  const body = JSON.stringify(guideMessage);
  const head = [
    `POST ${messagesPath} HTTP/1.1`,
    'Host: sandbox',
    'Content-Type: application/json',
    `Content-Length: ${body.length}`,
    `Authorization: Bearer ${token}`,
  ];
  return `${head.join('\r\n')}\r\n\r\n${body}GET /api/v2/nowhere HTTP/1.1\r\nHost: sandbox\r\n\r\n`;
}

/** The number of timers that keep the process alive. */
function openTimers(): number {
  return process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length;
}

async function openConnection(url: string): Promise<Socket> {
  const socket = connect(Number(new URL(url).port), '127.0.0.1');
  socket.on('error', () => {});
  await once(socket, 'connect');
  return socket.resume();
}

async function unknownRequests(stage: Stage): Promise<number> {
  return (await stage.requests()).filter(({ operation }) => operation === null).length;
}

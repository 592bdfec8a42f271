import { expect, test } from 'vitest';
import { logOf, startGwm, startWorker } from '../../support/gwm.ts';
import { openProxy } from '../../support/proxy.ts';
import { openReceiver } from '../../support/receiver.ts';
import { message, openSystem } from '../../support/system.ts';
import { waitFor } from '../../support/wait-for.ts';

const KIND = 'message-transmission';

test('a worker sends all requests through the proxy of its environment', async () => {
  const [proxy, receiver] = [await openProxy({ login: 'user:pass' }), await openReceiver()];
  const system = await openSystem({ tenants: [{ id: 'acme', callback: { url: `${receiver.url}/hook` } }] });
  await startWorker(system, {
    http_proxy: proxy.url.replace('//', '//user:pass@'),
    USER_AGENT_SUFFIX: 'berlin',
  });

  const { jobIds } = await system.openProducer().enqueue(KIND, message());

  expect(await system.ended(jobIds[0])).toMatchObject({ state: 'completed' });
  await waitFor(() => receiver.received.length === 1, { what: 'the callback' });
  expect(proxy.received.map(({ method, target }) => `${method} ${target}`).toSorted()).toEqual([
    `CONNECT ${new URL(receiver.url).host}`,
    `POST ${system.sandbox.url}/api/v2/conversations/messaging/messages`,
    `POST ${system.sandbox.url}/oauth/token`,
  ]);
  expect(receiver.received[0]?.headers['user-agent']).toMatch(/^genesys-webmessaging-worker\/[\d.]+ berlin$/);
});

test('an error names the proxy that refused, without its password, and the message is not held', async () => {
  const proxy = await openProxy({ refuseWith: 407 });
  const system = await openSystem({ tenants: [{ id: 'acme', onUnknownOutcome: 'hold' }] });
  const worker = await startWorker(system, { HTTP_PROXY: proxy.url.replace('//', '//user:secret@') });

  await system.openProducer().enqueue(KIND, message());
  await worker.line(/GENESYS_UNREACHABLE/);

  const [failure] = logOf(worker).filter(({ error }) => error !== undefined);
  expect(failure?.error?.message).toContain(`the proxy ${new URL(proxy.url).host} answered 407`);
  expect(worker.stdout.join('\n')).not.toContain('secret');
});

test('a worker does not start with an invalid proxy, and does not print its password', async () => {
  const system = await openSystem();
  const worker = startGwm(['worker'], {
    env: { ...system.environment, HTTPS_PROXY: 'socks5://user:secret@h' },
  });

  expect((await worker.exit).code).toBe(78);
  expect(worker.stderr.join('\n')).toContain('HTTPS_PROXY: wanted an address such as');
  expect(worker.stderr.join('\n')).not.toContain('secret');
});

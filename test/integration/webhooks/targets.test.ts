import { describe, expect, test } from 'vitest';
import { loadTenants } from '../../../src/tenants/registry.ts';
import { setCallbackStage } from './stage.ts';

const WITHOUT_THIS_MACHINE = { allowHttp: true, ports: ['1024-65535'] };
const REFUSED = 'WEBHOOK_TARGET_REFUSED: the address of the receiver is not allowed';

const stage = setCallbackStage({
  tenants: [
    { id: 'strict', callback: {}, receivers: {} },
    { id: 'outside', callback: {}, receivers: WITHOUT_THIS_MACHINE },
    { id: 'inside', callback: {}, receivers: { ...WITHOUT_THIS_MACHINE, allowHosts: ['localhost'] } },
  ],
});

describe('a callback to an address that is not allowed', () => {
  test.each([
    ['plain http to this machine', 'strict', (url: string) => url],
    ['this machine, by its address', 'outside', (url: string) => url],
    ['this machine, by another spelling', 'outside', (url: string) => url.replace('127.0.0.1', '0x7f.1')],
    [
      'this machine, within an IPv6 address',
      'outside',
      (url: string) => url.replace('127.0.0.1', '[::ffff:7f00:1]'),
    ],
    ['this machine, by a name', 'outside', (url: string) => url.replace('127.0.0.1', 'localhost')],
    ['a port that is not allowed', 'outside', () => 'http://localhost:22/'],
  ])(
    'is a dead letter at once, and its reason does not describe the network: %s',
    async (_what, tenantId, urlOf) => {
      const { jobId, state } = await stage.run({ tenantId, callback: { url: urlOf(stage.receiver.url) } });

      // The producer did not know the tenants, so it could not check the address. The message is
      // delivered.
      expect(state).toBe('completed');
      expect(await stage.callbackOf(jobId, tenantId)).toMatchObject({
        state: 'failed',
        attemptsMade: 1,
        failedReason: REFUSED,
      });
      expect(stage.receiver.received).toEqual([]);
    },
  );

  test('is refused at the producer if the address itself shows it', async () => {
    const { environment, config } = stage.system;
    const tenants = loadTenants({ file: config.tenantsFile, environment, requireSecrets: false });
    const producer = stage.system.openProducer({ tenants });
    const enqueue = (tenantId: string, url: string) =>
      producer.enqueue('message-transmission', {
        tenantId,
        guestId: 'g',
        conversationId: 'c',
        body: { contentType: 'text/plain', content: 'Hello' },
        callback: { url },
      });

    await expect(enqueue('strict', 'http://hooks.example/')).rejects.toThrow(
      /callback\.url: expected https:\/\//,
    );
    await expect(enqueue('outside', 'http://127.1:8080/')).rejects.toThrow(
      /callback\.url: expected a public address/,
    );
    await expect(enqueue('outside', 'http://localhost:22/')).rejects.toThrow(
      /callback\.url: expected port 80/,
    );
  });
});

test('a callback to an inner host is delivered if the tenant allows that host', async () => {
  const url = stage.receiver.url.replace('127.0.0.1', 'localhost');

  const { jobId } = await stage.run({ tenantId: 'inside', callback: { url } });

  expect(await stage.callbackOf(jobId, 'inside')).toMatchObject({ state: 'completed' });
});

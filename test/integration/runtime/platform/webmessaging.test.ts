import { describe, expect, test } from 'vitest';
import { DEFAULT_DEPLOYMENT_ID } from '../../../../src/sandbox/platform/webmessaging/deployments.ts';
import { startWorker } from '../../../support/gwm.ts';
import { message, openSystem, text } from '../../../support/system.ts';

const TENANT = {
  id: 'acme',
  dialect: 'platform' as const,
  platform: {
    route: 'webmessaging' as const,
    webmessaging: { deploymentId: DEFAULT_DEPLOYMENT_ID, origin: 'https://shop.example' },
  },
};

describe('a message on the route webmessaging', () => {
  test('is delivered when its echo comes', async () => {
    const system = await openSystem({
      tenants: [TENANT],
      environment: { REQUEST_TIMEOUT: '10s', LOCK_DURATION: '20s' },
    });
    await startWorker(system);
    const { jobIds } = await system
      .openProducer()
      .enqueue('message-transmission', message({ body: text('hello') }));
    const ended = await system.ended(jobIds[0], { deadlineMs: 20_000 });
    expect(ended).toMatchObject({ state: 'completed', attemptsMade: 1 });
    console.log(ended, JSON.stringify(await system.sandbox.platform('GET', '/webmessaging/sessions')));
  });
});

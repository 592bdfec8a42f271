import { describe, expect, test } from 'vitest';
import type { GenesysClient } from '../../../../src/genesys/client.ts';
import type { JobContext } from '../../../../src/runtime/handler.ts';
import { refusedConnection } from '../../../../src/webmessaging/codes.ts';
import { explainingRefusals } from '../../../../workers/platform/guest/explain-refusal.ts';
import { type Sender, sent } from '../../../../workers/platform/sender.ts';

const WEBMESSAGING = { deploymentId: 'dep-1', origin: 'https://shop.example' };
const JOB = { tenant: { platform: { webmessaging: WEBMESSAGING } } } as JobContext<unknown>;
const MESSAGE = {} as Parameters<Sender>[1];
const SENDING = sent({ messageId: 'm-1' } as Parameters<typeof sent>[0]);

interface Given {
  readonly refusals: number;
  readonly status: string;
  readonly allowAllDomains?: boolean;
}

/** Sends by a channel that refuses the first connections; the deployment has this status then. */
async function sendTo({ refusals, status, allowAllDomains = false }: Given) {
  let connections = 0;
  const send: Sender = async () => {
    if (++connections <= refusals)
      throw refusedConnection({ status: 403, headers: new Headers() }, 'wss://channel.example');
    return SENDING;
  };
  const genesys = { call: async () => ({ status, fields: { allowAllDomains } }) } as unknown as GenesysClient;
  const sending = explainingRefusals(send, genesys)(JOB, MESSAGE);
  const [outcome] = await Promise.allSettled([sending]);
  return { outcome, connections };
}

describe('a refused connection to a deployment that is active', () => {
  test('is made once more: the deployment may have become active meanwhile', async () => {
    const { outcome, connections } = await sendTo({ refusals: 1, status: 'Active' });
    expect({ outcome, connections }).toEqual({
      outcome: { status: 'fulfilled', value: SENDING },
      connections: 2,
    });
  });

  test('names the allowed domains when the second one is refused too', async () => {
    const { outcome, connections } = await sendTo({ refusals: 2, status: 'Active' });
    expect(connections).toBe(2);
    expect(outcome).toMatchObject({
      reason: { code: 'CAPABILITY_UNAVAILABLE', message: expect.stringMatching(/allowed domains lack/) },
    });
  });

  test('does not blame the domains of a deployment that allows the origin', async () => {
    const { outcome } = await sendTo({ refusals: 2, status: 'Active', allowAllDomains: true });
    expect(outcome).toMatchObject({
      reason: { message: expect.stringMatching(/the deployment is Active and allows the origin$/) },
    });
  });
});

test('a refused connection to a deployment that is not active is not made once more', async () => {
  const { outcome, connections } = await sendTo({ refusals: 1, status: 'Inactive' });
  expect(connections).toBe(1);
  expect(outcome).toMatchObject({
    reason: { message: expect.stringContaining('the deployment is Inactive') },
  });
});

import { fileURLToPath } from 'node:url';
import { beforeAll, expect, test } from 'vitest';
import { runGwm, startWorker } from '../support/gwm.ts';
import { startProcess, type TestProcess } from '../support/processes.ts';
import { message, openSystem, PATIENT, type System } from '../support/system.ts';

const RECEIVER = fileURLToPath(new URL('../../examples/receiver.ts', import.meta.url));

let system: System;
let receiver: TestProcess;
let url: string;

beforeAll(async () => {
  system = await openSystem({ tenants: [{ id: 'acme', callback: {} }], environment: PATIENT });
  receiver = startProcess(process.execPath, [RECEIVER], {
    env: { WEBHOOK_SECRET: system.webhookSecret, PORT: '0' },
  });
  url = (await receiver.line(/^listening on /)).replace('listening on ', '');
});

test('the example receiver takes callbacks, and recognizes repeated ones', async () => {
  await startWorker(system);
  const { jobIds } = await system
    .openProducer()
    .enqueue('message-transmission', message({ callback: { url } }));
  const callback = `wh-${jobIds[0]}-delivered`;

  const line = await receiver.line(new RegExp(`^message\\.delivered ${callback} `));
  expect(JSON.parse(line.slice(line.indexOf('{')))).toMatchObject({ jobId: jobIds[0], status: 'delivered' });
  expect(await system.ended(callback, { kind: 'webhook-delivery' })).toMatchObject({ state: 'completed' });

  await runGwm(['webhooks', 'replay', callback], { env: system.environment });
  expect(await receiver.line(/^repeated /)).toBe(`repeated ${callback}`);
});

test('the example receiver takes a test event', async () => {
  const tested = await runGwm(['webhooks', 'test', url], { env: system.environment });

  expect(tested).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(/^delivered: the receiver answered 204/),
  });
  expect(await receiver.line(/^webhook\.test /)).toContain('"tenantId":"acme"');
});

test('the example receiver refuses an unsigned callback, and one with another secret', async () => {
  const unsigned = await fetch(url, { method: 'POST', body: '{"type":"message.delivered"}' });
  expect(unsigned.status).toBe(401);

  const forged = { ...system.environment, WEBHOOK_SECRET: `whsec_${'A'.repeat(32)}` };
  const tested = await runGwm(['webhooks', 'test', url], { env: forged });
  expect(tested).toMatchObject({
    code: 1,
    stdout: expect.stringMatching(/^refused: the receiver answered 401/),
  });
});

test('the example receiver names the variables that it needs', async () => {
  const withoutSecret = startProcess(process.execPath, [RECEIVER], { env: { WEBHOOK_SECRET: '' } });

  expect(await withoutSecret.exit).toMatchObject({ code: 1 });
  expect(withoutSecret.stderr.join('\n')).toContain('Set WEBHOOK_SECRET');
});

import { expect, test } from 'vitest';
import { configurationRollout } from '../../support/guides/configuration.ts';
import { logOf } from '../../support/gwm.ts';
import { waitFor } from '../../support/wait-for.ts';
import { setCallbackStage } from '../webhooks/stage.ts';

const traceparent = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';
const tracestate = 'rojo=00f067aa0ba902b7';
const TRACE = { traceparent, tracestate };

const stage = setCallbackStage({ tenants: [{ id: 'acme', callback: {} }] });

test('the trace of a job is in its log lines and its callback, and not at Genesys Cloud', async () => {
  const { jobId } = await stage.run(TRACE);
  await stage.callbackOf(jobId);

  const [callback] = await stage.calls(1);
  expect(callback?.headers).toMatchObject(TRACE);
  stage.verified(callback);
  for (const id of [jobId, `wh-${jobId}-delivered`]) {
    const lines = () => logOf(stage.worker).filter((line) => line.jobId === id && line.event === 'job.done');
    await waitFor(() => lines().length > 0, { what: `the log line of ${id}` });
    expect(lines()).toMatchObject([{ traceparent }]);
  }
  const requests = JSON.stringify(await stage.system.sandbox.requests());
  expect(requests).toContain('message');
  expect(requests).not.toContain('4bf92f3577b34da6');
});

test('a job without a trace has a callback without one', async () => {
  const { jobId } = await stage.run();
  await stage.callbackOf(jobId);

  const [callback] = await stage.calls(1);
  expect(callback?.headers).not.toHaveProperty('traceparent');
});

test('all parts of a split message have the trace', async () => {
  const content = 'word '.repeat(2000);
  const body = { contentType: 'text/plain', content };
  const { jobId } = await stage.run({ ...TRACE, body, split: true });

  await stage.callbackOf(`${jobId}-2`);
  const received = await stage.calls(2);
  for (const { headers } of received) expect(headers).toMatchObject(TRACE);
});

test('all steps of a rollout have the trace', async () => {
  const producer = stage.system.openProducer();
  const rollout = configurationRollout({ tenantId: 'acme', organizationIds: ['o1', 'o2'], ...TRACE });
  const { jobIds } = await producer.enqueue('config-rollout', rollout as never);
  const jobId = jobIds[0] ?? '';

  await stage.ended(jobId, 'config-rollout');

  const lines = logOf(stage.worker).filter(
    (line) => line.event === 'job.done' && line.jobId?.startsWith(jobId),
  );
  // The worker writes the line of the rollout itself after its end.
  expect(lines.length).toBeGreaterThanOrEqual(4);
  for (const line of lines) expect(line).toMatchObject({ traceparent });
});

import { expect, test } from 'vitest';
import { loadConfig } from '../../../src/config/load.ts';
import { createLogger } from '../../../src/observe/logger.ts';
import { openTracing } from '../../../src/observe/open-tracing.ts';
import { openCollector, tracesTo } from '../../support/collector.ts';
import { openStage } from './stage.ts';

test('each request on the guest channel is a span with its action, and without its content', async () => {
  const collector = await openCollector();
  const config = loadConfig(tracesTo(collector));
  const logger = createLogger('silent');
  const tracing = await openTracing({ config, command: 'worker', name: 'worker-1', logger });
  const stage = await openStage({ tracing });
  await stage.fault({ effect: { kind: 'drop', point: 'after-store' } });
  const body = { contentType: 'text/plain', content: 'cnryText' };
  const job = stage.job({ conversationId: 'cnryConversation', guestId: 'cnryGuest', body });

  const run = tracing.start({ name: 'process message-transmission', kind: 'consumer' });
  expect(await tracing.within(run, () => job.runToEnd())).toMatchObject({ kind: 'done' });
  run.end();
  await tracing.close();

  const requests = collector.spans.filter(({ kind }) => kind === 'client');
  const names = requests.map(({ name }) => name);
  expect(names).toEqual(
    expect.arrayContaining([
      'guest configureSession',
      'guest onMessage',
      'guest getJwt',
      'GET guest.history',
    ]),
  );
  expect(requests.find(({ name }) => name === 'guest onMessage')).toMatchObject({
    isError: true,
    attributes: { 'gwm.operation': 'guest.onMessage', 'error.type': 'GENESYS_UNREACHABLE' },
  });
  const runId = run.trace?.traceparent.split('-')[2];
  for (const { parentSpanId } of requests) expect(parentSpanId).toBe(runId);
  const [{ token = '' } = {}] = await stage.sessions();
  const sent = Buffer.concat(collector.requests.map((request) => request.body)).toString('latin1');
  expect(token).not.toBe('');
  expect(['cnry', token].filter((secret) => sent.includes(secret))).toEqual([]);
});

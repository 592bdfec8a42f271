import { expect, test } from 'vitest';
import type { EntryReport } from '../../../../src/queues/submit.ts';
import { startWorker } from '../../../support/gwm.ts';
import { openSystem } from '../../../support/system.ts';
import { waitFor } from '../../../support/wait-for.ts';
import { messagesOf, producerOf, startConversation, tenantOf, threadsOf } from './stage.ts';

const KIND = 'message-transmission';
const SEND = 'platform.conversation.send';
const CONVERSATIONS = 4;
const MESSAGES = 15;

test('agents say everything once and in order, although workers are killed and answers are lost', async () => {
  const system = await openSystem({
    tenants: [tenantOf('acme', 'conversation', { retryFor: '5m' })],
    environment: { REQUEST_TIMEOUT: '500ms', LOCK_DURATION: '1s' },
  });
  const lives = await Promise.all(
    Array.from({ length: CONVERSATIONS }, (_, index) => startConversation(system, 'acme', `guest-${index}`)),
  );
  const entries = Array.from({ length: MESSAGES }, (_, index) =>
    lives.map((live) => ({
      tenantId: 'acme',
      guestId: 'guest',
      ...live,
      body: { contentType: 'text/plain' as const, content: `text ${index}` },
    })),
  ).flat();
  await system.sandbox.inject({
    operations: { [SEND]: { latencyMs: { min: 20, max: 60 }, loseReplyRate: 0.2 } },
  });
  const jobIds: string[] = [];
  const onEntry = (entry: EntryReport) => {
    if (entry.status === 'accepted') jobIds.push(...entry.jobIds);
  };
  await producerOf(system).enqueueMany(KIND, entries, { onEntry });

  await startWorker(system);
  for (const arrived of [8, 20, 35]) {
    const victim = await startWorker(system);
    await waitFor(async () => (await messagesOf(system, 'acme')).length >= arrived, {
      what: `message ${arrived}`,
    });
    victim.kill('SIGKILL');
    await victim.exit;
  }
  const ends = await Promise.all(jobIds.map((jobId) => system.ended(jobId, { tenantId: 'acme' })));

  expect(ends.filter(({ state }) => state !== 'completed')).toEqual([]);
  const expected = Array.from({ length: MESSAGES }, (_, index) => `text ${index}`);
  const threads = await threadsOf(system, 'acme');
  expect(threads.map(({ messages }) => messages.map(({ text }) => text))).toEqual(lives.map(() => expected));
});

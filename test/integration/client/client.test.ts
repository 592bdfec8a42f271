import { describe, expect, test } from 'vitest';
import { type BatchLine, type Client, createClient } from '../../../src/client/client.ts';
import * as samples from '../../../src/http/routes/samples.ts';
import { startWorker } from '../../support/gwm.ts';
import { openReceiver } from '../../support/receiver.ts';
import { message, openSystem } from '../../support/system.ts';
import { openServer } from '../http/stage.ts';

async function stage() {
  const system = await openSystem({ tenants: [{ id: 'acme', callback: {} }] });
  const { url, keys } = await openServer(system);
  const client = createClient({ baseUrl: url, apiKey: await keys.make() });
  return { system, client };
}

const { tenantId: _ofTheKey, ...ofKey } = message();

describe('the client, against the server', () => {
  test('hands over one job of each kind', async () => {
    const { client } = await stage();

    const accepted = await Promise.all([
      client.messages.send(message()),
      client.cards.send(samples.card),
      client.embeds.send(samples.embed),
      client.rollouts.send(samples.rollout as Parameters<Client['rollouts']['send']>[0]),
      client.deployments.send(samples.deployment as Parameters<Client['deployments']['send']>[0]),
      client.auditSyncs.send(samples.auditSync),
    ]);

    const kinds = await Promise.all(accepted.map(async ({ id }) => (await client.jobs.get(id)).kind));
    expect(kinds).toEqual([
      'message-transmission',
      'card-delivery',
      'embed-generation',
      'config-rollout',
      'config-rollout',
      'audit-sync',
    ]);
  });

  test('hands over a job once', async () => {
    const { client } = await stage();
    const job = { ...message(), idempotencyKey: 'Bestellung-ü-名' };

    const [first, again] = [await client.messages.send(job), await client.messages.send(job)];

    expect([first.isReplayed, again]).toEqual([false, { ...first, isReplayed: true }]);
  });

  test('hands over a batch, with a result for each line', async () => {
    const { client } = await stage();
    const lines = (function* (): Generator<BatchLine> {
      for (let number = 0; number < 2500; number++) yield { kind: 'message-transmission', ...message() };
      yield { kind: 'message-transmission', ...message(), guestId: '' };
      yield { kind: 'card-delivery', ...samples.card };
    })();

    const results = await Array.fromAsync(client.batch(lines));

    expect(results.map(({ line }) => line)).toEqual(Array.from({ length: 2502 }, (_, index) => index + 1));
    const rejected = results.filter(({ status }) => status !== 'accepted');
    expect(rejected).toMatchObject([{ line: 2501, status: 'rejected', code: 'JOB_INVALID' }]);
  });

  test('hands over CloudEvents once', async () => {
    const { client } = await stage();
    const type = 'com.genesys.webmessaging.message-transmission';
    const event = { id: '1', source: '/shop', type, partitionkey: 'acme', data: ofKey } as const;

    const { results } = await client.events.send([event, { ...event, id: '2' }]);
    const again = await client.events.send(event);

    expect(results.map(({ status }) => status)).toEqual(['accepted', 'accepted']);
    expect(again.results).toMatchObject([{ status: 'replayed', id: results[0]?.id }]);
  });

  test('follows a job to its end', async () => {
    const { system, client } = await stage();
    const { id } = await client.messages.send(message());
    const events = client.jobs.events(id);

    expect((await events.next()).value).toMatchObject({ type: 'state', job: { id } });
    await startWorker(system);
    const rest = await Array.fromAsync(events);

    expect(rest.at(-1)).toMatchObject({ type: 'ended', job: { id, state: 'completed' } });
  });

  test('lists, cancels and retries jobs', async () => {
    const { client } = await stage();
    const sent = await Promise.all([1, 2, 3].map(() => client.messages.send(message())));
    const ids = sent.map(({ id }) => id);
    const [first = ''] = ids;

    const listed = await Array.fromAsync(client.jobs.list({ tenant: 'acme', limit: 1 }));
    const cancelled = await client.jobs.cancel(first);
    const counted = await Array.fromAsync(client.jobs.cancelAll({ tenant: 'acme', dryRun: true }));
    const all = await Array.fromAsync(client.jobs.cancelAll({ tenant: 'acme' }));
    const retried = await Array.fromAsync(client.jobs.retryAll({ tenant: 'acme' }));

    expect(new Set(listed.map(({ id }) => id))).toEqual(new Set(ids));
    expect(cancelled).toEqual({ id: first, outcome: 'cancelled' });
    expect(counted.at(-1)).toMatchObject({ done: 2 });
    expect(all.at(-1)).toMatchObject({ done: 2 });
    expect(retried.at(-1)).toMatchObject({ done: 0 });
    await expect(client.jobs.retry(first)).rejects.toMatchObject({ code: 'JOB_NOT_RETRYABLE', status: 409 });
  });

  test('finds jobs, and reads conversations, timelines and dead letters', async () => {
    const { client } = await stage();
    const ofOne = { conversationId: 'one' };
    const first = await client.messages.send({ ...message(), ...ofOne, idempotencyKey: 'sought' });
    const second = await client.messages.send({ ...message(), ...ofOne });

    const found = await Array.fromAsync(client.jobs.search({ tenant: 'acme', q: 'sought' }));
    const filter = { tenant: 'acme', limit: 1 };
    const conversation = await Array.fromAsync(client.jobs.conversation('one', filter));
    const { events, waiting } = await client.jobs.timeline(second.id);

    expect(found).toMatchObject([{ by: 'idempotency-key', job: { id: first.id } }]);
    expect(conversation.map(({ id, sequence }) => [id, sequence])).toEqual([
      [first.id, 1],
      [second.id, 2],
    ]);
    expect(events).toMatchObject([{ event: 'accepted' }]);
    expect(waiting.behind).toEqual({ sequence: 1, jobId: first.id });
    expect(await client.jobs.deadLetters({ tenant: 'acme' })).toMatchObject({ groups: [], cursor: null });
  });

  test('pauses, resumes and reads tenants', async () => {
    const { client } = await stage();

    expect(await client.tenants.list()).toEqual({ tenants: [{ id: 'acme', self: '/v1/tenants/acme' }] });
    await client.tenants.pause('acme', { for: '10m', reason: 'maintenance', bucket: 'messages' });
    const { buckets } = await client.tenants.get('acme');
    expect([buckets.messages.pausedFor, buckets.cards.pausedFor]).toEqual(['maintenance', null]);
    expect(await client.tenants.resume('acme', { bucket: 'messages' })).toEqual({
      id: 'acme',
      buckets: ['messages'],
    });
    expect((await client.tenants.resume('acme')).buckets).toHaveLength(3);
    expect(await client.tenants.reload()).toMatchObject({ tenants: 1, issues: [], isComplete: true });
  });

  test('looks at receivers, and replays callbacks', async () => {
    const { system, client } = await stage();
    const receiver = await openReceiver();
    await startWorker(system);
    const { id } = await client.messages.send({ ...message(), callback: { url: receiver.url } });
    const callback = `wh-${id}-delivered`;
    await system.ended(callback, { kind: 'webhook-delivery' });
    const { webhooks } = client;

    const { endpoints } = await webhooks.endpoints.list({ tenant: 'acme' });
    const endpointId = endpoints[0]?.endpointId ?? '';
    expect(await webhooks.endpoints.get(endpointId)).toMatchObject({ endpointId, state: 'well' });
    expect(await webhooks.endpoints.enable(endpointId)).toEqual({ endpointId, outcome: 'was-enabled' });
    expect(await webhooks.endpoints.replay(endpointId, { since: '2026-01-01T00:00:00Z' })).toEqual({
      replayed: 0,
    });
    expect((await webhooks.callbacks.attempts(callback)).attempts).toMatchObject([{ outcome: 'delivered' }]);
    expect(await webhooks.callbacks.replay(callback)).toEqual({ replayed: 1 });
    expect(await webhooks.test({ tenantId: 'acme', url: receiver.url })).toMatchObject({
      outcome: 'delivered',
    });
  });
});

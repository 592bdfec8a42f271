import { describe, expect, test } from 'vitest';
import { readNotes } from '../../../src/flow/notes.ts';
import { openWorld } from '../../support/flow/world.ts';
import type { World } from '../../support/flow/world-shapes.ts';

const LIMIT = { capacity: 100, ratePerSecond: 100 };
const TOO_FAST = { error: { code: 'RATE_LIMITED', status: 429 } } as const;

async function openWithJob() {
  const world = openWorld();
  await world.configure('acme', LIMIT);
  await world.accept([{ id: 'j' }]);
  const { ref } = world.jobs.get('j') ?? expect.fail();
  return { world, ref };
}

async function notesOf({ client, keys }: World) {
  return readNotes(await client.hget(`${keys.ownOf(0)}message-transmission:j`, 'gwm:notes'));
}

describe('the notes of a job', () => {
  test('are missing while it is admitted and delivered at once', async () => {
    const { world } = await openWithJob();

    await world.work('j');

    expect(await notesOf(world)).toEqual([]);
  });

  test('have a failure that counts as no attempt, and how often it came in a row', async () => {
    const { world, ref } = await openWithJob();
    const run = await world.start('j');
    const firstMs = world.now();

    for (let times = 0; times < 3; times++) {
      await world.flow.reschedule(ref, run.number, 500, undefined, TOO_FAST);
      world.pass(1000);
    }

    expect(await notesOf(world)).toEqual([
      {
        word: 'again',
        about: 'RATE_LIMITED',
        status: 429,
        times: 3,
        firstMs: Math.floor(firstMs),
        lastMs: Math.floor(firstMs + 2000),
        untilMs: Math.floor(firstMs + 2500),
      },
    ]);
  });

  test('do not have an attempt, of which BullMQ keeps the trace', async () => {
    const { world, ref } = await openWithJob();
    const run = await world.start('j');
    const error = { code: 'GENESYS_UNAVAILABLE', status: 503 } as const;
    const attempt = { retryForMs: 60_000, elapsedMs: 0 };

    await world.flow.reschedule(ref, run.number, 500, { verdict: 'unavailable' }, { error, attempt });

    expect(await notesOf(world)).toEqual([]);
  });

  test('are the last twenty', async () => {
    const { world, ref } = await openWithJob();
    const run = await world.start('j');

    for (let status = 400; status < 425; status++)
      await world.flow.reschedule(ref, run.number, 0, undefined, { error: { code: 'INTERNAL', status } });

    const statuses = (await notesOf(world)).map(({ status }) => status);
    expect(statuses).toEqual(Array.from({ length: 20 }, (_, index) => 405 + index));
  });

  test('say why a worker put it off, in a word, whatever an operator wrote', async () => {
    const { world } = await openWithJob();
    await world.flow.pause({ tenantId: 'acme', bucketClass: 'messages' }, 60_000, 'too fast; 3,000 / s');
    await world.client.del(`${world.keys.ownOf(0)}reserved:acme:messages`);

    await world.start('j');

    const [note] = await notesOf(world);
    expect(note).toMatchObject({ word: 'wait', about: 'too-fast--3-000---s' });
  });

  test('stay when an operator sends the dead letter again', async () => {
    const { world } = await openWithJob();
    await world.work('j', { kind: 'failed' });

    await world.retry('j');

    expect((await notesOf(world)).map(({ word }) => word)).toEqual(['redriven']);
  });
});

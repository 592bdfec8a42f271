import { describe, expect, test } from 'vitest';
import { openClient, openWorld } from '../../support/flow/world.ts';
import type { World } from '../../support/flow/world-shapes.ts';
import { openLossyProxy } from '../../support/lossy-proxy.ts';
import { testRedis } from '../../support/redis.ts';

const LIMIT = { capacity: 100, ratePerSecond: 100 };

describe('acts of one turn of the event loop', () => {
  test('are one script', async () => {
    const world = await openWith(['acme'], 30);
    const ids = [...world.jobs.keys()];
    await world.work(ids.pop() ?? '');

    const sent: string[] = [];
    const send = world.client.sendCommand.bind(world.client);
    world.client.sendCommand = (command, stream) => {
      sent.push(command.name);
      return send(command, stream);
    };
    await Promise.all(ids.map((id) => world.start(id)));

    expect(sent).toEqual(['evalsha']);
    expect(world.grants).toHaveLength(30);
  });

  test('get the same verdicts as acts one after the other', async () => {
    const [together, single] = await Promise.all([openWith(['acme'], 200), openWith(['acme'], 200)]);

    await Promise.all([...together.jobs.keys()].map((id) => together.start(id)));
    for (const id of single.jobs.keys()) await single.start(id);

    expect(single.grants.length).toBeLessThanOrEqual(LIMIT.capacity);
    expect(together.grants).toEqual(single.grants);
  });

  test('conclude requests in front of admissions that count them', async () => {
    const world = openWorld();
    await world.configure('acme', { ...LIMIT, inFlight: 10 });
    await world.accept(Array.from({ length: 20 }, (_, index) => ({ id: `j${index}` })));
    const first = await Promise.all(world.due.slice(0, 10).map(({ id }) => world.start(id)));
    expect(world.grants).toHaveLength(10);
    const next = [...world.jobs.values()].filter(({ starts }) => starts === 0);

    await Promise.all([...next.map(({ id }) => world.start(id)), ...first.map((run) => world.conclude(run))]);

    expect(world.grants.length).toBeGreaterThan(10);
    expect(world.grants.length).toBeLessThanOrEqual(20);
  });
});

describe('an act that fails', () => {
  test('fails alone, with the error of Redis', async () => {
    const world = await openWith(['acme', 'globex'], 10);
    await world.client.set(`${world.keys.ownOf(0)}busy:globex:messages`, 'a text');
    const jobs = [...world.jobs.values()];

    const results = await Promise.allSettled(jobs.map(({ id }) => world.start(id)));

    const failed = results.flatMap((result, index) => (result.status === 'rejected' ? [jobs[index]] : []));
    expect(failed.map((job) => job?.ref.tenantId)).toEqual(Array(10).fill('globex'));
    expect(results.find((result) => result.status === 'rejected')).toMatchObject({
      reason: { name: 'ReplyError', message: expect.stringContaining('WRONGTYPE') },
    });
    expect(world.grants).toHaveLength(10);
  });

  test('in the middle of a batch leaves the others within the allowance', async () => {
    const world = await openWith(['acme'], 200);
    const ids = [...world.jobs.keys()];
    // The last write of an admission fails for each third job.
    for (const id of ids.filter((_, index) => index % 3 === 0)) {
      await world.client.hset(`${world.keys.ownOf(0)}ledger:m${id}`, 'another', 'type');
    }
    const results = await Promise.allSettled(ids.map((id) => world.start(id)));
    const went = results.filter(
      (result) => result.status === 'fulfilled' && result.value.admission.verdict === 'go',
    );
    expect(went.length).toBeGreaterThan(0);
    expect(went.length).toBeLessThanOrEqual(LIMIT.capacity);
  });
});

describe('the audit record of an end', () => {
  const RECORD = '{"id":"m-a-sent"}';
  const SENT = { entry: 'sent {}', onFailure: 'skip', record: RECORD } as const;

  async function openRunning() {
    const world = await openWith(['acme'], 1);
    const [job] = [...world.jobs.values()];
    if (!job) throw new TypeError('no job');
    await world.start(job.id);
    const stream = `${world.keys.ownOf(0)}audit`;
    const noted = async () => (await world.client.xrange(stream, '-', '+')).map(([, fields]) => fields);
    return { world, ref: job.ref, stream, noted };
  }

  test('enters the outbox with the ending that counts, and not with another one', async () => {
    const { world, ref, noted } = await openRunning();

    expect(await world.flow.conclude(ref, 1, SENT)).toMatchObject({ isNoted: true });
    expect(await noted()).toEqual([['record', RECORD]]);

    const late = { ...SENT, entry: 'failed {}' } as const;
    expect(await world.flow.conclude(ref, 1, late)).toMatchObject({ existing: 'sent {}', isNoted: false });
    expect(await noted()).toHaveLength(1);
  });

  test('that the outbox does not take is reported, and the job has ended', async () => {
    const { world, ref, stream } = await openRunning();
    await world.client.set(stream, 'a text');

    const { existing, isNoted } = await world.flow.conclude(ref, 1, SENT);

    expect({ existing, isNoted }).toEqual({ existing: undefined, isNoted: false });
    expect(await world.ledger(ref.jobId)).toBe('sent {}');
  });
});

test('a batch whose reply is lost is performed once', async () => {
  const { url } = testRedis();
  const proxy = await openLossyProxy(url);
  const client = openClient(proxy.url);
  const world = await openWith(['acme'], 20, client);
  const ids = [...world.jobs.keys()];
  await world.work(ids.pop() ?? '');

  proxy.dropNextReply();
  const runs = await Promise.all(ids.map((id) => world.start(id)));

  expect(proxy.dropped()).toBe(1);
  expect(runs.map(({ admission }) => admission.verdict)).toEqual(ids.map(() => 'go'));
  const calm = await openWith(['acme'], 20);
  for (const id of calm.jobs.keys()) await calm.work(id);
  expect(await levelOf(world)).toBe(await levelOf(calm));
});

/** A world with jobs of these tenants, each without a conversation. */
async function openWith(
  tenants: readonly string[],
  jobsOfEach: number,
  client = openClient(),
): Promise<World> {
  const world = openWorld({ client });
  for (const tenant of tenants) {
    await world.configure(tenant, LIMIT);
    await world.accept(
      Array.from({ length: jobsOfEach }, (_, index) => ({ id: `${tenant}-${index}`, tenant })),
    );
  }
  return world;
}

async function levelOf({ flow }: World): Promise<number> {
  return (await flow.status({ tenantId: 'acme', bucketClass: 'messages' })).level;
}

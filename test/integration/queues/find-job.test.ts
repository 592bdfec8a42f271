import { expect, test } from 'vitest';
import { openOwnRedis } from '../../support/own-redis.ts';
import { message, openSystem, text } from '../../support/system.ts';

const KIND = 'message-transmission';
const LOOKS = 50;
const LONG = 'word '.repeat(800);

test('a job that the caller may not see costs Redis as many commands and bytes as an unknown id', async () => {
  const system = await openSystem({ redis: await openOwnRedis() });
  const { client, jobs } = system;
  const producer = system.openProducer();
  const { jobIds } = await producer.enqueue(KIND, message({ body: text(LONG) }));
  // A producer looks now and again whether its tenants have moved.
  await producer.close();
  const [known = ''] = jobIds;
  const unknown = known.replace(/.{4}$/, 'none');
  const costOf = async (jobId: string) => {
    const before = await statsOf();
    for (let look = 0; look < LOOKS; look++) {
      expect(await jobs.find(jobId, () => false)).toBeUndefined();
      expect(await jobs.locate(jobId)).toEqual(
        jobId === known ? { kind: KIND, tenantId: 'acme' } : undefined,
      );
    }
    const after = await statsOf();
    return { commands: after.commands - before.commands, bytes: after.bytes - before.bytes };
  };
  const statsOf = async () => {
    const stats = await client.info('stats');
    const of = (name: string) => Number(new RegExp(`^${name}:(\\d+)`, 'm').exec(stats)?.[1]);
    return { commands: of('total_commands_processed'), bytes: of('total_net_output_bytes') };
  };
  await costOf(unknown);

  const [foreign, none] = [await costOf(known), await costOf(unknown)];

  expect(foreign.commands).toBe(none.commands);
  // The numbers of Redis' own report have more digits the second time.
  expect(Math.abs(foreign.bytes - none.bytes)).toBeLessThan(LONG.length);
});

import { expect, test } from 'vitest';
import { parseExposition, valueIn } from '../../support/exposition.ts';
import { metricsUrlOf, startGwm, startWorker } from '../../support/gwm.ts';
import { openOwnRedis } from '../../support/own-redis.ts';
import { message, openSystem } from '../../support/system.ts';
import { waitFor } from '../../support/wait-for.ts';

const KIND = 'message-transmission';
const OF_ACME = { tenant: 'acme', bucket: 'messages' };

async function scrape(url: string) {
  return parseExposition(await (await fetch(url)).text());
}

test('worker and serve show what waits, why it stands still, and that Redis is away', async () => {
  const redis = await openOwnRedis();
  const system = await openSystem({ redis });
  const worker = await startWorker(system, { METRICS_PORT: '0' });
  const url = await metricsUrlOf(worker);
  await system.flow.pause({ tenantId: 'acme', bucketClass: 'messages' }, 600_000, 'SECRET-WORDS');
  await system.openProducer().enqueueMany(KIND, [message(), message({ conversationId: 'other' })]);
  const serve = startGwm(['serve'], {
    env: { ...system.environment, METRICS_PORT: '0', HTTP_PORT: '0' },
  });
  const started = JSON.parse(await serve.line(/listening on/)) as { metrics: string };

  for (const each of [url, started.metrics]) {
    let text = '';
    await waitFor(
      async () => {
        text = await (await fetch(each)).text();
        return valueIn(parseExposition(text), 'gwm_jobs_waiting', { tenant: 'acme' }) === 2;
      },
      { what: 'a survey with both jobs' },
    );
    const scraped = parseExposition(text);
    expect(valueIn(scraped, 'gwm_redis_up', {})).toBe(1);
    expect(valueIn(scraped, 'gwm_workers', {})).toBe(1);
    expect(valueIn(scraped, 'gwm_lanes', { ...OF_ACME, lanes: 'throttled' })).toBe(2);
    expect(valueIn(scraped, 'gwm_bucket_level', OF_ACME)).toBe(0);
    expect(valueIn(scraped, 'gwm_bucket_paused_seconds', { ...OF_ACME, reason: 'operator' })).toBeGreaterThan(
      0,
    );
    expect(valueIn(scraped, 'gwm_oldest_waiting_seconds', { tenant: 'acme' })).toBeGreaterThan(0);
    expect(valueIn(scraped, 'gwm_redis_memory_bytes', {})).toBeGreaterThan(0);
    expect(text).not.toContain('SECRET-WORDS');
  }

  // Another version of the program may have written a survey that this one cannot read.
  await system.client.set(system.keys.survey(), JSON.stringify({ buckets: 'none' }));
  expect(valueIn(await scrape(url), 'gwm_jobs_waiting', { tenant: 'acme' })).toBe(2);

  await redis.kill();
  const away = await scrape(url);
  expect(valueIn(away, 'gwm_redis_up', {})).toBe(0);
  for (const name of ['gwm_jobs_waiting', 'gwm_workers', 'gwm_redis_memory_bytes'])
    expect(away.get(name)?.samples ?? [], name).toEqual([]);
});

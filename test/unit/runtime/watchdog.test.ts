import { describe, expect, test } from 'vitest';
import { createLogger } from '../../../src/observe/logger.ts';
import { type Progress, startWatchdog } from '../../../src/runtime/watchdog.ts';
import { onEnd } from '../../support/lifetime.ts';
import { waitFor } from '../../support/wait-for.ts';

const EVERY_MS = 20;
const logger = createLogger('silent');

describe('the watchdog', () => {
  test('ends a consumer that takes no waiting job', async () => {
    const { hasGivenUp } = watch({ hasWork: async () => true });

    await waitFor(hasGivenUp, { what: 'the end' });
  });

  test('ends a consumer whose queue does not answer', async () => {
    const { hasGivenUp } = watch({ hasWork: () => new Promise(() => {}) });

    await waitFor(hasGivenUp, { what: 'the end' });
  });

  test.each([
    ['does not answer', () => new Promise<boolean>(() => {})],
    ['answers with an error', () => Promise.reject(new Error('LOADING'))],
  ])('waits while Redis is away, if the queue %s', async (_how, hasWork) => {
    let looks = 0;
    const isRedisAway = async () => ++looks > 0;
    const { hasGivenUp } = watch({ hasWork }, isRedisAway);

    await waitFor(() => looks > 4, { what: 'five looks' });
    expect(hasGivenUp()).toBe(false);
  });

  test('is stuck when a look does not end, and not while Redis is away', async () => {
    const away = watch({ hasWork: () => new Promise(() => {}) }, async () => true);
    const hanging = watch({ hasWork: () => new Promise(() => {}) }, () => new Promise(() => {}));

    await waitFor(hanging.isStuck, { what: 'a stuck watchdog' });
    expect(away.isStuck()).toBe(false);
    hanging.stop();
    expect(hanging.isStuck()).toBe(false);
  });

  test('keeps a consumer that runs a job or has started one', async () => {
    let looks = 0;
    const { hasGivenUp } = watch({
      hasWork: async () => true,
      started: () => ++looks,
    });

    await waitFor(() => looks > 6, { what: 'six looks' });
    expect(hasGivenUp()).toBe(false);
  });
});

function watch(progress: Partial<Progress>, isRedisAway?: () => Promise<boolean>) {
  let givenUp = false;
  const consumer: Progress = {
    started: () => 0,
    inHand: () => 0,
    hasWork: async () => false,
    ...progress,
  };
  const watchdog = startWatchdog({
    consumers: [consumer],
    logger,
    everyMs: EVERY_MS,
    giveUp: () => {
      givenUp = true;
    },
    ...(isRedisAway && { isRedisAway }),
  });
  onEnd(async () => watchdog.stop());
  return { hasGivenUp: () => givenUp, isStuck: watchdog.isStuck, stop: watchdog.stop };
}

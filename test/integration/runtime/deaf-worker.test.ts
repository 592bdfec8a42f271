import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { GWM_SOURCE, logOf, startWorker } from '../../support/gwm.ts';
import { message, openSystem, PATIENT } from '../../support/system.ts';

const DEAF = new URL('../../support/deaf-worker.ts', import.meta.url);

test('a worker that takes no waiting job ends itself, and the next worker delivers the jobs', async () => {
  const system = await openSystem({ environment: PATIENT });
  const options = { NODE_OPTIONS: `--import ${fileURLToPath(DEAF)}` };
  const deaf = await startWorker(system, options, [], GWM_SOURCE);

  const { jobIds } = await system.openProducer().enqueue('message-transmission', message());

  expect(await deaf.exit).toEqual({ code: 1, signal: null });
  expect(logOf(deaf).filter(({ level }) => level === 60)).toMatchObject([
    { msg: expect.stringMatching(/^work is waiting/) },
  ]);
  expect(system.sandbox.stats().accepted).toBe(0);
  await startWorker(system);
  expect(await system.ended(jobIds[0])).toMatchObject({ state: 'completed', attemptsMade: 1 });
});

import { expect, test } from 'vitest';
import { done } from '../../../src/core/outcome.ts';
import { message, openSystem } from '../../support/system.ts';
import { waitFor } from '../../support/wait-for.ts';
import { KIND, open, run } from './in-process.ts';

test('a report that throws for its own reason is logged, and the job ends once the report succeeds', async () => {
  const system = await openSystem({ hasOwnHandlers: true });
  const lines: string[] = [];
  let failures = 0;
  let sent = 0;
  const app = await open(system);
  const onOutcome = () => {
    if (failures++ === 0) throw new Error('a bug in the report');
  };
  await run({ ...app, onOutcome }, async () => done({ sent: ++sent }), lines);

  const { jobIds } = await system.openProducer().enqueue(KIND, message());

  const broken = () => lines.find((line) => line.includes('a bug in the report'));
  const line = await waitFor(broken, { what: 'the log line' });
  expect(JSON.parse(line)).toMatchObject({ level: 40, kind: KIND, jobId: jobIds[0] });
  expect(await system.ended(jobIds[0])).toMatchObject({ state: 'completed', result: { sent: 1 } });
  expect(sent).toBe(1);
});

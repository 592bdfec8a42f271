import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { GUIDE_WIDGET } from '../support/guides/embed.ts';
import { runGwm, startWorker } from '../support/gwm.ts';
import { openSystem } from '../support/system.ts';
import { waitFor } from '../support/wait-for.ts';

const KIND = 'embed-generation';
const EXAMPLES = fileURLToPath(new URL('../../examples/embeds.ndjson', import.meta.url));

test('gwm enqueues, runs and shows the example jobs with their tags', async () => {
  const system = await openSystem({ tenants: ['acme', 'globex', 'initech'] });
  const env = system.environment;
  await startWorker(system);

  const enqueued = await runGwm(['enqueue', KIND, EXAMPLES], { env });
  expect(enqueued).toMatchObject({
    code: 0,
    stderr: expect.stringContaining(`${KIND}: 4 accepted, 0 duplicates, 0 rejected`),
  });

  const jobs = await waitFor(
    async () => {
      const { stdout } = await runGwm(['jobs', 'list', KIND, 'completed'], { env });
      const lines = stdout.split('\n').filter((line) => line !== '');
      return lines.length === 4 && lines.map((line) => JSON.parse(line) as { jobId: string });
    },
    { what: 'four embed codes' },
  );
  const { code, stdout } = await runGwm(['jobs', 'get', KIND, jobs[0]?.jobId ?? ''], { env });
  expect(code).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({
    kind: KIND,
    state: 'completed',
    lane: `widget ${GUIDE_WIDGET}`,
    result: {
      widgetId: GUIDE_WIDGET,
      payloadBytes: expect.any(Number),
      scriptTag: expect.stringMatching(
        /^<script src="http.*\/script" data-config="[\w+/=]+" async defer><\/script>$/,
      ),
    },
  });
});

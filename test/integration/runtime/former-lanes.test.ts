import { expect, test } from 'vitest';
import { createCrossing } from '../../../src/queues/crossing.ts';
import { prepare } from '../../../src/queues/prepare.ts';
import { submit } from '../../../src/queues/submit.ts';
import { embed, GUIDE_WIDGET } from '../../support/guides/embed.ts';
import { startWorker } from '../../support/gwm.ts';
import { openSystem, PATIENT } from '../../support/system.ts';

const KIND = 'embed-generation';

test('jobs that an earlier version put into a lane of another name still end', async () => {
  const system = await openSystem({ environment: PATIENT });
  const inputs = [1, 2].map((version) => ({
    ...embed(),

    idempotencyKey: `k-${version}`,
  }));
  const former = inputs.flatMap((input, index) => {
    const { jobs = [] } = prepare({ kind: KIND, index, input });
    const inLane = jobs.map((job) => ({ ...job, ref: { ...job.ref, lane: `widget:${GUIDE_WIDGET}` } }));
    return [{ index, jobs: inLane }];
  });
  const reports = await submit({ ...system, crossing: createCrossing() }, KIND, former);
  expect(reports.map(({ status }) => status)).toEqual(['accepted', 'accepted']);
  const features = ['webMessagingV2', 'localeFallback', 'customAttributeRouting'];
  const widget = { id: GUIDE_WIDGET, name: 'chat', configuration: { features }, status: 'active' };
  await system.sandbox.setWidget('acme', GUIDE_WIDGET, widget);
  await startWorker(system);
  const { jobIds } = await system.openProducer().enqueue(KIND, embed());

  const all = [...reports.flatMap((report) => ('jobIds' in report ? report.jobIds : [])), ...jobIds];
  for (const jobId of all)
    expect(await system.ended(jobId, { kind: KIND })).toMatchObject({ state: 'completed' });
});

import { startOurDoor } from './doors.ts';
import type { Measured } from './figure.ts';
import type { Lab } from './lab.ts';
import type { Load } from './load.ts';
import type { BenchTenant } from './tenants.ts';

const LONGEST_SECONDS = 60;

/** Cancels the waiting jobs of one tenant by one `POST /v1/jobs/cancel`. */
export async function cancelInBulk(lab: Lab, load: Load, tenants: readonly BenchTenant[]): Promise<Measured> {
  const count = lab.pick(60_000, 1000);
  lab.say(`cancelling ${count} jobs`);
  const [tenantId = ''] = tenants.map(({ id }) => id);
  await using door = await startOurDoor(lab, tenants);
  await load.send(door, { as: 'lines', count, tenantIds: [tenantId] });
  const startedMs = performance.now();
  const answer = await fetch(`${door.url}/v1/jobs/cancel`, {
    method: 'POST',
    headers: { ...door.headers, 'content-type': 'application/json' },
    body: JSON.stringify({ tenant: tenantId }),
  });
  const last = (await answer.text()).trimEnd().split('\n').at(-1) ?? '';
  const seconds = (performance.now() - startedMs) / 1000;
  const { summary } = JSON.parse(last) as { summary?: { done: number } };
  if (summary?.done !== count)
    throw new Error(`the server cancelled ${summary?.done} of ${count} jobs: ${last}`);
  await lab.clear();
  return {
    what: `cancel of ${count.toLocaleString('en-US')} jobs`,
    ours: seconds,
    reference: LONGEST_SECONDS,
    against: 'a minute',
    unit: 's',
    target: { atMost: 1 },
  };
}

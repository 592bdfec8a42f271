import type { FaultPlan } from '../src/sandbox/faults/faults.ts';
import type { SandboxStats } from '../src/sandbox/observe/stats.ts';
import { startChild } from './child.ts';
import type { Lab } from './lab.ts';
import { type BenchTenant, writeClients } from './tenants.ts';

/** The sandbox in its own process. It applies limits and faults, and counts order violations. */
export interface BenchSandbox {
  readonly url: string;
  stats(): Promise<SandboxStats>;
  setFaults(plan: FaultPlan): Promise<void>;
  reset(): Promise<void>;
  /** Times of accepted messages among the last 10,000 requests, in ms, oldest first. */
  acceptedAtMs(tenantId: string): Promise<number[]>;
}

export async function startSandbox(lab: Lab, tenants: readonly BenchTenant[]): Promise<BenchSandbox> {
  const clients = await writeClients(lab, tenants);
  const child = lab.keep(
    await startChild(lab.program, {
      args: ['sandbox', '--port', '0', '--clients', clients],
    }),
  );
  const control = async (path: string, init: RequestInit = {}): Promise<unknown> => {
    const response = await fetch(`${child.url}/__sandbox/${path}`, {
      ...init,
      headers: { 'content-type': 'application/json' },
    });
    if (!response.ok) throw new Error(`the sandbox answered ${response.status}: ${await response.text()}`);
    return await response.json();
  };
  return {
    url: child.url,
    stats: async () => (await control('stats')) as SandboxStats,
    async setFaults(plan) {
      await control('faults', { method: 'PUT', body: JSON.stringify(plan) });
    },
    async reset() {
      await control('reset', { method: 'POST', body: '{}' });
    },
    async acceptedAtMs(tenantId) {
      const path = `requests?operation=message.send&tenant=${tenantId}&limit=10000`;
      const requests = (await control(path)) as { at: string; status: number }[];
      const accepted = requests.filter(({ status }) => status === 200);
      return accepted.map(({ at }) => Date.parse(at)).reverse();
    },
  };
}

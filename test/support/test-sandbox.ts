import type { FaultPlan } from '../../src/sandbox/faults.ts';
import type { ShownRequest } from '../../src/sandbox/request-log.ts';
import { openSandbox, type SandboxOptions, type SandboxStats } from '../../src/sandbox/server.ts';
import { onEnd } from './lifetime.ts';

/** A sandbox with short words for what tests ask of its control interface. */
export interface TestSandbox {
  readonly url: string;
  stats(): SandboxStats;
  /** Replaces all faults. */
  inject(plan: FaultPlan): Promise<void>;
  /** The requests it was sent, the oldest first. */
  requests(operation?: string, tenant?: string): Promise<ShownRequest[]>;
  revokeTokens(tenant: string): Promise<void>;
  endSession(tenant: string, conversationId: string): Promise<void>;
  /** What a tenant is told of a widget from now on. */
  setWidget(tenant: string, widgetId: string, widget: unknown): Promise<void>;
  /** Forgets counts, requests, faults, ended sessions and widgets that were set; tokens stay valid. */
  reset(): Promise<void>;
}

/** Opens a sandbox that is closed when the test, or the file, ends. */
export async function openTestSandbox(options: SandboxOptions = {}): Promise<TestSandbox> {
  const sandbox = await openSandbox(options);
  onEnd(() => sandbox.close());

  const control = async (method: string, path: string, body?: unknown): Promise<unknown> => {
    const init = { method, ...(body !== undefined && { body: JSON.stringify(body) }) };
    const response = await fetch(`${sandbox.url}/__sandbox${path}`, init);
    if (!response.ok) throw new Error(`The sandbox refused ${method} ${path}: ${await response.text()}`);
    return await response.json();
  };
  return {
    url: sandbox.url,
    stats: sandbox.stats,
    async inject(plan) {
      await control('PUT', '/faults', plan);
    },
    async requests(operation, tenant) {
      const query = new URLSearchParams({ limit: '10000' });
      if (operation !== undefined) query.set('operation', operation);
      if (tenant !== undefined) query.set('tenant', tenant);
      return ((await control('GET', `/requests?${query}`)) as ShownRequest[]).reverse();
    },
    async revokeTokens(tenant) {
      await control('POST', '/tokens/revoke', { tenant });
    },
    async endSession(tenant, conversationId) {
      await control('POST', '/sessions/end', { tenant, conversationId });
    },
    async setWidget(tenant, widgetId, widget) {
      await control('PUT', '/widgets', { tenant, widgetId, widget });
    },
    async reset() {
      await control('POST', '/reset');
    },
  };
}

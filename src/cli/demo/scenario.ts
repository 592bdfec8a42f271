import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openNdjson } from '../ndjson.ts';

/** What the demo is about to do, derived from the file of messages. */
export interface Scenario {
  /** Messages per tenant, as the file has them. */
  readonly tenants: ReadonlyMap<string, number>;
  /** Lines with a message. */
  readonly messages: number;
  /** Limit of each tenant at the sandbox. */
  readonly limit: { readonly capacity: number; readonly ratePerSecond: number };
}

/** How long the tenant with the most messages takes at its limit. */
const TARGET_SECONDS = 30;
const MIN_RATE_PER_SECOND = 20;

/**
 * Reads the file once: whoever is a tenant there becomes a client of the sandbox, and the limit is such that
 * the demo is no wait, yet everything runs at the limit.
 */
export async function readScenario(file: string): Promise<Scenario> {
  const tenants = new Map<string, number>();
  let messages = 0;
  for await (const { value } of (await openNdjson(file)).lines) {
    messages++;
    const tenantId = (value as { tenantId?: unknown } | null | undefined)?.tenantId;
    if (typeof tenantId === 'string') tenants.set(tenantId, (tenants.get(tenantId) ?? 0) + 1);
  }
  const largest = Math.max(0, ...tenants.values());
  const ratePerSecond = Math.max(MIN_RATE_PER_SECOND, Math.ceil(largest / TARGET_SECONDS));
  return { tenants, messages, limit: { capacity: ratePerSecond, ratePerSecond } };
}

/** Files and variables that the processes of the demo are started with. */
export interface Setup {
  readonly clientsFile: string;
  readonly tenantsFile: string;
  /** Client secrets, which the tenants file refers to. */
  readonly secrets: Readonly<Record<string, string>>;
  remove(): Promise<void>;
}

const SCOPES = ['messaging:conversation:write', 'messaging:conversation:read', 'webchat:guest:write'];

/** The two files that need no running sandbox, and the one that needs its address. */
export async function writeSetup({
  tenants,
  limit,
}: Scenario): Promise<Setup & { writeTenants(sandboxUrl: string): Promise<void> }> {
  const folder = await mkdtemp(join(tmpdir(), 'gwm-demo-'));
  const clientsFile = join(folder, 'clients.json');
  const tenantsFile = join(folder, 'tenants.json');
  const clients = [...tenants.keys()].filter(isTenantId).map((tenant, index) => ({
    tenant,
    clientId: `${tenant}-client`,
    clientSecret: `demo-secret-${index}`,
    scopes: SCOPES,
    limits: { messages: limit },
  }));
  await writeFile(clientsFile, JSON.stringify(clients));

  return {
    clientsFile,
    tenantsFile,
    secrets: Object.fromEntries(clients.map((client, index) => [secretName(index), client.clientSecret])),
    async writeTenants(sandboxUrl) {
      const entries = clients.map(({ tenant, clientId }, index) => ({
        id: tenant,
        dialect: 'guest',
        hosts: { login: sandboxUrl, api: sandboxUrl },
        allowInsecureHttp: true,
        clientId,
        clientSecret: { env: secretName(index) },
        limits: { messages: limit },
      }));
      await writeFile(tenantsFile, JSON.stringify({ tenants: entries }));
    },
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}

function secretName(index: number): string {
  return `DEMO_CLIENT_SECRET_${index}`;
}

// Others are rejected line by line when they are enqueued, with the reason.
function isTenantId(name: string): boolean {
  return /^[a-zA-Z0-9][a-zA-Z0-9_.-]{0,63}$/.test(name);
}

import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { guideScopes } from '../../sandbox/login/clients.ts';
import { PLATFORM_TENANTS } from './platform.ts';
import type { Receiver } from './receiver.ts';
import type { Scenario } from './scenario.ts';

/** Files and variables for the processes of the demo. */
export interface Setup {
  readonly clientsFile: string;
  readonly tenantsFile: string;
  readonly auditDatabaseUrl: string;
  /** The secrets of the tenants file, by the name of the variable. */
  readonly secrets: Readonly<Record<string, string>>;
  /** The secret of each tenant that signs its callbacks. */
  readonly callbackSecrets: ReadonlyMap<string, string>;
  writeTenants(addresses: Addresses): Promise<void>;
  remove(): Promise<void>;
}

/** Addresses that are known after the start. */
export interface Addresses {
  readonly sandboxUrl: string;
  readonly receiver: Pick<Receiver, 'url' | 'urlOf'>;
}

/** A tenant of the demo. */
interface Account {
  readonly tenant: string;
  /** Its settings, if its dialect is `platform`. */
  readonly platform?: object | undefined;
  readonly clientId: string;
  readonly clientSecret: Secret;
  readonly callbackSecret: Secret;
}

interface Secret {
  /** The variable that holds it. */
  readonly name: string;
  readonly value: string;
}

/** Writes the files that need no address. `writeTenants` writes the tenants file later. */
export async function writeSetup({ tenants, limit }: Scenario): Promise<Setup> {
  const folder = await mkdtemp(join(tmpdir(), 'gwm-demo-'));
  const clientsFile = join(folder, 'clients.json');
  const tenantsFile = join(folder, 'tenants.json');
  const guests = [...tenants.keys()].map((tenant) => ({ tenant, platform: undefined }));
  const others = PLATFORM_TENANTS.map(({ id, platform }) => ({ tenant: id, platform }));
  const accounts = [...guests, ...others].map(accountOf);
  const secrets = accounts.flatMap(({ clientSecret, callbackSecret }) => [clientSecret, callbackSecret]);
  const ofSandbox = { messages: limit };
  // All processes start at once, and share few processors. So their first requests arrive late, and
  // together. Half of the burst stays free for them.
  const ofTenants = { messages: { ...limit, capacity: Math.ceil(limit.capacity / 2) } };
  const clients = accounts.map(({ tenant, platform, clientId, clientSecret }) => ({
    tenant,
    clientId,
    clientSecret: clientSecret.value,
    ...(platform ? { dialect: 'platform', scopes: [] } : { scopes: guideScopes, limits: ofSandbox }),
  }));
  await writeFile(clientsFile, JSON.stringify(clients));

  return {
    clientsFile,
    tenantsFile,
    auditDatabaseUrl: `sqlite:${join(folder, 'audit.db')}`,
    secrets: Object.fromEntries(secrets.map(({ name, value }) => [name, value])),
    callbackSecrets: new Map(accounts.map(({ tenant, callbackSecret }) => [tenant, callbackSecret.value])),
    async writeTenants({ sandboxUrl, receiver }) {
      const { hostname, port } = new URL(receiver.url);
      const hosts = { login: sandboxUrl, api: sandboxUrl };
      const entries = accounts.map(({ tenant, platform, clientId, clientSecret, callbackSecret }) => ({
        id: tenant,
        ...(platform
          ? { dialect: 'platform', platform, hosts: { ...hosts, webmessaging: sandboxUrl } }
          : { dialect: 'guest', limits: ofTenants, hosts }),
        allowInsecureHttp: true,
        clientId,
        clientSecret: { env: clientSecret.name },
        callback: { url: receiver.urlOf(tenant), secret: { env: callbackSecret.name } },
        receivers: { allowHttp: true, allowHosts: [hostname], ports: [Number(port)] },
      }));
      await writeFile(tenantsFile, JSON.stringify({ tenants: entries }));
    },
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}

function accountOf({ tenant, platform }: Pick<Account, 'tenant' | 'platform'>, index: number): Account {
  return {
    tenant,
    platform,
    clientId: `${tenant}-client`,
    clientSecret: { name: `DEMO_CLIENT_SECRET_${index}`, value: `demo-secret-${index}` },
    callbackSecret: {
      name: `DEMO_CALLBACK_SECRET_${index}`,
      value: `whsec_${randomBytes(32).toString('base64')}`,
    },
  };
}

import { createGenesysClient } from '../../src/genesys/client.ts';
import type { Operation } from '../../src/genesys/operation.ts';
import { createTransport } from '../../src/outbound/transport.ts';
import { tenantSchema } from '../../src/tenants/tenant.ts';
import { onEnd } from '../support/lifetime.ts';
import { CLIENT, type Stage, TENANT } from './sdk.ts';

/** Calls an operation with our client. */
export type Call = <Input, Output>(operation: Operation<Input, Output>, input: Input) => Promise<Output>;

/** The moment at which a stage begins. */
const NOW_MS = Date.parse('2026-03-01T12:00:00.000Z');
const REQUEST_TIMEOUT_MS = 60_000;

/** Our client, at the sandbox of a stage, with the token of its SDK. */
export function ourClient({ sandbox, client }: Stage): Call {
  const transport = createTransport({
    connectTimeoutMs: REQUEST_TIMEOUT_MS,
    requestTimeoutMs: REQUEST_TIMEOUT_MS,
    maxAnswerBytes: 262_144,
    userAgent: 'test',
  });
  onEnd(() => transport.close());
  const tenant = tenantSchema.parse({
    id: TENANT,
    dialect: 'platform',
    hosts: { login: sandbox.url, api: sandbox.url },
    allowInsecureHttp: true,
    clientId: CLIENT.clientId,
    clientSecret: { env: 'UNUSED' },
  });
  const { authData } = client as unknown as { authData: { accessToken?: string } };
  const { accessToken } = authData;
  if (accessToken === undefined) throw new Error('the SDK is not logged in');
  const genesys = createGenesysClient({
    tokens: { get: async () => accessToken, has: () => true },
    transport,
    clock: { now: () => NOW_MS },
    requestTimeoutMs: REQUEST_TIMEOUT_MS,
    maxAnswerBytes: 262_144,
  });
  return (operation, input) => genesys.call(tenant, operation, input, { requestId: 'job-1' });
}

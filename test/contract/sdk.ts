import sdk from 'purecloud-platform-client-v2';
import type { SandboxClient, SandboxOptions } from '../../src/sandbox/server.ts';
import { openTestSandbox, type TestSandbox } from '../support/test-sandbox.ts';

/** The tenant of every test, whose client has all permissions. */
export const TENANT = 'umbrella';

/** Its client. */
export const CLIENT: SandboxClient = {
  tenant: TENANT,
  clientId: 'umbrella-client',
  clientSecret: 'umbrella-sandbox-secret',
  scopes: [],
  dialect: 'platform',
};

/** The official SDK, logged in as one client. */
export interface Sdk {
  readonly client: typeof sdk.ApiClient;
  readonly conversations: sdk.ConversationsApi;
  readonly webDeployments: sdk.WebDeploymentsApi;
  readonly audits: sdk.AuditApi;
  readonly tokens: sdk.TokensApi;
  readonly oauth: sdk.OAuthApi;
  readonly authorization: sdk.AuthorizationApi;
  readonly organization: sdk.OrganizationApi;
}

/** A sandbox with a clock that moves only when a test moves it, and the SDK as its client. */
export interface Stage extends Sdk {
  readonly sandbox: TestSandbox;
  advance(ms: number): void;
  /** Logs in as another client of the sandbox. */
  loginAs(client: SandboxClient): Promise<Sdk>;
}

/** Opens a sandbox whose new things can be seen at once, unless `options` says otherwise. */
export async function openStage(options: SandboxOptions = {}): Promise<Stage> {
  let nowMs = Date.parse('2026-03-01T12:00:00.000Z');
  const sandbox = await openTestSandbox({ clients: [CLIENT], now: () => nowMs, ...options });
  const loginAs = (client: SandboxClient) => logIn(sandbox.url, client);
  return {
    ...(await loginAs(options.clients?.[0] ?? CLIENT)),
    sandbox,
    loginAs,
    advance(ms) {
      nowMs += ms;
    },
  };
}

/** Points the SDK at a sandbox, as at a gateway. */
export function sdkClient(url: string): typeof sdk.ApiClient {
  const { protocol, hostname, port } = new URL(url);
  // The SDK exports one client for all. A test needs one for each sandbox and each login.
  const ApiClient = sdk.ApiClient.constructor as new () => typeof sdk.ApiClient;
  const client = new ApiClient();
  client.setEnvironment('mypurecloud.de');
  client.setGateway({ protocol: protocol.replace(':', ''), host: hostname, port: Number(port) });
  return client;
}

async function logIn(url: string, { clientId, clientSecret }: SandboxClient): Promise<Sdk> {
  const client = sdkClient(url);
  await client.loginClientCredentialsGrant(clientId, clientSecret);
  const create = <Api>(Type: new () => Api): Api =>
    new (Type as unknown as new (client: typeof sdk.ApiClient) => Api)(client);
  return {
    client,
    conversations: create(sdk.ConversationsApi),
    webDeployments: create(sdk.WebDeploymentsApi),
    audits: create(sdk.AuditApi),
    tokens: create(sdk.TokensApi),
    oauth: create(sdk.OAuthApi),
    authorization: create(sdk.AuthorizationApi),
    organization: create(sdk.OrganizationApi),
  };
}

/** An error body of the API, as the SDK rejects with it. */
export interface Failure {
  status: number;
  code: string;
  message: string;
  contextId: string;
  details: { errorCode: string; fieldName?: string }[];
  [field: string]: unknown;
}

/** The error body of a call that fails. @throws Error if it succeeds */
export async function failureOf(call: Promise<unknown>): Promise<Failure> {
  let answer: unknown;
  try {
    answer = await call;
  } catch (failure) {
    return failure as Failure;
  }
  throw new Error(`The call succeeded: ${JSON.stringify(answer)}`);
}

/** A whole answer, with its headers. */
export interface Extended {
  status: number;
  headers: Record<string, string>;
  // biome-ignore lint/suspicious/noExplicitAny: a test says what it expects of a body
  body: any;
}

/** The whole answer of a call, also of one that fails. */
export async function extended({ client }: Sdk, call: () => Promise<unknown>): Promise<Extended> {
  client.setReturnExtendedResponses(true);
  try {
    return (await call().catch((failure: unknown) => failure)) as Extended;
  } finally {
    client.setReturnExtendedResponses(false);
  }
}

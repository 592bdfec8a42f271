import type { FaultPlan } from '../../../src/sandbox/faults/faults.ts';
import type { ShownRequest } from '../../../src/sandbox/observe/request-log.ts';
import { openSandbox, type Sandbox, type SandboxOptions } from '../../../src/sandbox/server.ts';
import { guideMessage } from '../../support/guides/message.ts';

/** The path of the operation `message.send`. */
export const messagesPath = '/api/v2/conversations/messaging/messages';

/** A clock that moves only when a test moves it. */
export interface Clock {
  now(): number;
  advance(seconds: number): void;
}

/** A clock that starts at the time stamp of `guideMessage`. */
export function createClock(): Clock {
  let nowMs = Date.parse('2024-01-15T10:30:00.123Z');
  return {
    now: () => nowMs,
    advance(seconds) {
      nowMs += seconds * 1000;
    },
  };
}

/** An answer. The body is parsed when it is JSON. */
export interface Reply {
  status: number;
  headers: Headers;
  // biome-ignore lint/suspicious/noExplicitAny: a test says what it expects of a body
  body: any;
}

/** A request of the platform API. The default is a GET by the first tenant with every scope. */
export interface PlatformRequest {
  method?: 'GET' | 'POST' | 'PUT';
  tenant?: string;
  scope?: string;
  headers?: Record<string, string>;
  /** Sent as JSON. A string is sent unchanged. */
  body?: unknown;
}

/** A sandbox with a clock that stands still, and the requests that tests make. */
export interface Stage extends AsyncDisposable {
  sandbox: Sandbox;
  clock: Clock;
  call(path: string, init?: RequestInit): Promise<Reply>;
  /** Requests a token with the default secret of the tenant. `form` adds or replaces fields. */
  login(tenant: string, form?: Record<string, string>): Promise<Reply>;
  tokenOf(tenant: string, scope?: string): Promise<string>;
  send(token: string | undefined, message?: unknown, headers?: Record<string, string>): Promise<Reply>;
  /** Requests a token, and calls the API with it. */
  ask(path: string, request?: PlatformRequest): Promise<Reply>;
  /** Calls the control interface. */
  control(method: string, path: string, body?: unknown): Promise<Reply>;
  inject(plan: FaultPlan): Promise<void>;
  requests(query?: string): Promise<ShownRequest[]>;
}

/** Opens a sandbox for one test. */
export async function openStage(options: SandboxOptions = {}): Promise<Stage> {
  const clock = createClock();
  const sandbox = await openSandbox({ now: clock.now, ...options });

  async function call(path: string, init?: RequestInit): Promise<Reply> {
    const response = await fetch(sandbox.url + path, init);
    const text = await response.text();
    const isJson = response.headers.get('content-type')?.startsWith('application/json') === true;
    return { status: response.status, headers: response.headers, body: isJson ? JSON.parse(text) : text };
  }

  function login(tenant: string, form: Record<string, string> = {}): Promise<Reply> {
    const fields = {
      grant_type: 'client_credentials',
      client_id: `${tenant}-client`,
      client_secret: `${tenant}-sandbox-secret`,
      ...form,
    };
    return call('/oauth/token', { method: 'POST', body: new URLSearchParams(fields) });
  }

  async function tokenOf(tenant: string, scope?: string): Promise<string> {
    const reply = await login(tenant, scope === undefined ? {} : { scope });
    if (reply.status !== 200) throw new Error(`no token: ${JSON.stringify(reply.body)}`);
    return reply.body.access_token;
  }

  return {
    sandbox,
    clock,
    call,
    login,
    tokenOf,
    async ask(path, { method = 'GET', tenant = 'acme', scope, headers = {}, body } = {}) {
      const type = body === undefined ? undefined : { 'content-type': 'application/json' };
      return call(path, {
        method,
        headers: { authorization: `Bearer ${await tokenOf(tenant, scope)}`, ...type, ...headers },
        ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
      });
    },
    control(method, path, body) {
      const init = { method, ...(body !== undefined && { body: JSON.stringify(body) }) };
      return call(`/__sandbox${path}`, init);
    },
    send(token, message = guideMessage, headers = {}) {
      const authorization = token === undefined ? undefined : { authorization: `Bearer ${token}` };
      return call(messagesPath, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...authorization, ...headers },
        body: typeof message === 'string' ? message : JSON.stringify(message),
      });
    },
    async inject(plan) {
      const reply = await call('/__sandbox/faults', { method: 'PUT', body: JSON.stringify(plan) });
      if (reply.status !== 200) throw new Error(`no faults: ${JSON.stringify(reply.body)}`);
    },
    async requests(query = '') {
      return (await call(`/__sandbox/requests${query}`)).body;
    },
    [Symbol.asyncDispose]: sandbox.close,
  };
}

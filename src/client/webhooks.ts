import { type Caller, part } from './routes.ts';
import type { CallOptions } from './transport.ts';
import type {
  AttemptList,
  CallbackAttempt,
  EnabledEndpoint,
  Endpoint,
  EndpointList,
  Replayed,
  ReplayInput,
  WebhookTestInput,
} from './types.ts';

export interface WebhookRoutes {
  readonly endpoints: {
    /** The endpoints that workers called lately, of all tenants of the key or of one. */
    list(filter?: { readonly tenant?: string }, options?: CallOptions): Promise<EndpointList>;
    get(id: string, options?: CallOptions): Promise<Endpoint>;
    enable(id: string, options?: CallOptions): Promise<EnabledEndpoint>;
    /** Sends again all callbacks that the endpoint missed. */
    replay(id: string, replay: ReplayInput, options?: CallOptions): Promise<Replayed>;
  };
  readonly callbacks: {
    attempts(id: string, options?: CallOptions): Promise<AttemptList>;
    /** Sends a callback again, delivered or not. */
    replay(id: string, options?: CallOptions): Promise<Replayed>;
  };
  /** Sends one signed `webhook.test` event to a receiver. */
  test(test: WebhookTestInput, options?: CallOptions): Promise<CallbackAttempt>;
}

export function webhookRoutes(caller: Caller): WebhookRoutes {
  const endpoint = (id: string) => `/v1/webhooks/endpoints/${part(id)}`;
  const callback = (id: string) => `/v1/webhooks/callbacks/${part(id)}`;
  return {
    endpoints: {
      list: (query = {}, options) => caller.get('/v1/webhooks/endpoints', { query, ...options }),
      get: (id, options) => caller.get(endpoint(id), options),
      enable: (id, options) => caller.put(`${endpoint(id)}/enable`, undefined, options),
      replay: (id, replay, options) => caller.act(`${endpoint(id)}/replay`, replay, options),
    },
    callbacks: {
      attempts: (id, options) => caller.get(`${callback(id)}/attempts`, options),
      replay: (id, options) => caller.act(`${callback(id)}/replay`, undefined, options),
    },
    test: (test, options) => caller.act('/v1/webhooks/test', test, options),
  };
}

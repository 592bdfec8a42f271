import type { Config } from '../config/settings.ts';
import { guardOf } from '../outbound/target.ts';
import type { ReplayOutcome } from '../queues/replays.ts';
import type { WebhookControl } from '../queues/webhook-control.ts';
import type { TenantRegistry } from '../tenants/registry.ts';
import type { Attempt } from '../webhooks/attempt.ts';
import { endpointIdOf } from '../webhooks/endpoint-id.ts';
import type { DisabledFor } from '../webhooks/endpoints.ts';
import type { EndpointView } from '../webhooks/records.ts';
import { type Author, reaches } from './author.ts';
import { type Came, defineOperation, type Target } from './operation.ts';

/** An endpoint by its id or its address. */
export interface EndpointName {
  readonly endpoint: string;
}

export interface Missed extends EndpointName {
  readonly sinceMs: number;
}

export interface Receiver {
  readonly tenantId: string;
  readonly url: string;
}

export type MissedOutcome =
  | { readonly status: 'replayed'; readonly count: number }
  | { readonly status: 'disabled'; readonly endpointId: string; readonly reason: DisabledFor }
  | NotFound;

export type EnableOutcome =
  | { readonly status: 'enabled' | 'was-enabled'; readonly endpointId: string }
  | NotFound;

/** `ambiguous`: endpoints of several tenants have the address. */
export type NotFound =
  | { readonly status: 'unknown' }
  | { readonly status: 'ambiguous'; readonly endpointIds: readonly string[] };

/** `forbidden`: the rules of the tenant do not allow the address. */
export type TestOutcome =
  | { readonly status: 'sent'; readonly attempt: Attempt }
  | { readonly status: 'forbidden'; readonly issue: string }
  | { readonly status: 'unknown' };

interface FoundEndpoints extends Target {
  readonly found: readonly EndpointView[];
}

export interface CallbackParts extends WebhookControl {
  readonly tenants: TenantRegistry;
  readonly config: Config;
}

/** Acts on callbacks and on the endpoints that receive them. */
export function callbackOperations({ endpoints, records, replays, tenants, config }: CallbackParts) {
  const findEndpoint = async (
    { endpoint }: EndpointName,
    author: Author,
  ): Promise<FoundEndpoints | undefined> => {
    const ids = tenants.ids().filter((tenantId) => reaches(author, tenantId));
    const idOf = (tenantId: string) => (URL.canParse(endpoint) ? endpointIdOf(tenantId, endpoint) : endpoint);
    const views = await Promise.all(ids.map((tenantId) => records.endpoint(tenantId, idOf(tenantId))));
    const found = views.filter((view) => view !== undefined);
    const [first, ...others] = found;
    if (!first) return undefined;
    if (others.length > 0) return { found, subject: null, tenants: 'all' };
    return { found, subject: first.endpointId, tenants: [first.tenantId] };
  };

  return {
    replayCallback: defineOperation<{ readonly id: string }, Target & { readonly id: string }, ReplayOutcome>(
      {
        action: 'callback.replayed',
        named: ({ id }) => id,
        async find({ id }, author) {
          const callback = await replays.about(id);
          if (!callback || !reaches(author, callback.tenantId)) return undefined;
          return { id, subject: id, tenants: [callback.tenantId] };
        },
        missing: { status: 'unknown' },
        async perform({ id }) {
          const result = await replays.replay(id);
          if (result.status === 'replayed') return { status: 'done', result };
          const details = { reason: result.status };
          return { status: result.status === 'unknown' ? 'nothing' : 'refused', result, details };
        },
      },
    ),
    replayMissed: defineOperation<Missed, FoundEndpoints, MissedOutcome>({
      action: 'callbacks.replayed',
      named: ({ endpoint }) => endpoint,
      detailsOf: ({ sinceMs }) => ({ since: new Date(sinceMs).toISOString() }),
      find: findEndpoint,
      missing: { status: 'unknown' },
      isLong: true,
      async perform({ found }, { sinceMs }) {
        const [only, ...others] = found;
        if (!only || others.length > 0) return ambiguous(found);
        const { tenantId, endpointId, disabledFor } = only;
        if (disabledFor) {
          const result = { status: 'disabled', endpointId, reason: disabledFor } as const;
          return { status: 'refused', result, details: { reason: 'disabled' } };
        }
        const count = await replays.replaySince(tenantId, endpointId, sinceMs);
        const result = { status: 'replayed', count } as const;
        return { status: count > 0 ? 'done' : 'nothing', result, details: { count } };
      },
    }),
    enableEndpoint: defineOperation<EndpointName, FoundEndpoints, EnableOutcome>({
      action: 'endpoint.enabled',
      named: ({ endpoint }) => endpoint,
      find: findEndpoint,
      missing: { status: 'unknown' },
      async perform({ found }) {
        const [only, ...others] = found;
        if (!only || others.length > 0) return ambiguous(found);
        const { tenantId, endpointId } = only;
        const status = await endpoints.enable(tenantId, endpointId);
        if (status === 'unknown') return { status: 'nothing', result: { status } };
        return { status: 'done', result: { status, endpointId }, details: { outcome: status } };
      },
    }),
    testReceiver: defineOperation<Receiver, Target, TestOutcome>({
      action: 'endpoint.tested',
      find: ({ tenantId, url }, author) => {
        if (!reaches(author, tenantId) || !tenants.has(tenantId)) return undefined;
        const subject = URL.canParse(url) ? endpointIdOf(tenantId, url) : null;
        return { subject, tenants: [tenantId] };
      },
      missing: { status: 'unknown' },
      async perform(_found, { tenantId, url }) {
        const tenant = tenants.get(tenantId);
        const issue = guardOf(tenant.receivers).issueOf(url);
        if (issue !== undefined) {
          return {
            status: 'refused',
            result: { status: 'forbidden', issue },
            details: { reason: 'forbidden' },
          };
        }
        // The HTTP client is a large package, which other commands must not load.
        const { sendTest } = await import('../webhooks/send-test.ts');
        return cameOf(await sendTest({ tenant, url, tenants, config }));
      },
    }),
  };
}

function ambiguous(found: readonly EndpointView[]): Came<NotFound> {
  const endpointIds = found.map(({ endpointId }) => endpointId);
  return {
    status: 'refused',
    result: { status: 'ambiguous', endpointIds },
    details: { reason: 'ambiguous' },
  };
}

function cameOf(attempt: Attempt): Came<TestOutcome> {
  const { outcome, status = null } = attempt;
  const result = { status: 'sent', attempt } as const;
  return { status: outcome === 'delivered' ? 'done' : 'failed', result, details: { outcome, status } };
}

import { type Caller, part } from './routes.ts';
import type { CallOptions } from './transport.ts';
import type {
  ActedBuckets,
  PauseInput,
  ReloadedTenants,
  ResumeInput,
  Series,
  SeriesOver,
  Tenant,
  TenantList,
} from './types.ts';

export interface TenantRoutes {
  list(options?: CallOptions): Promise<TenantList>;
  get(id: string, options?: CallOptions): Promise<Tenant>;
  /** The points of a chart. */
  series(id: string, over: SeriesOver, options?: CallOptions): Promise<Series>;
  pause(id: string, pause: PauseInput, options?: CallOptions): Promise<ActedBuckets>;
  /** Ends every pause, of all buckets or of one. */
  resume(id: string, resume?: ResumeInput, options?: CallOptions): Promise<ActedBuckets>;
  /** Has the server read the tenants file again. */
  reload(options?: CallOptions): Promise<ReloadedTenants>;
}

export function tenantRoutes(caller: Caller): TenantRoutes {
  return {
    list: (options) => caller.get('/v1/tenants', options),
    get: (id, options) => caller.get(`/v1/tenants/${part(id)}`, options),
    series: (id, over, options) =>
      caller.get(`/v1/tenants/${part(id)}/series`, { query: { over }, ...options }),
    pause: (id, pause, options) => caller.put(`/v1/tenants/${part(id)}/pause`, pause, options),
    resume: (id, resume = {}, options) => caller.put(`/v1/tenants/${part(id)}/resume`, resume, options),
    reload: (options) => caller.put('/v1/tenants/reload', undefined, options),
  };
}

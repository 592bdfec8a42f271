import { z } from 'zod';
import { ROUTES } from '../../src/http/routes/all.ts';
import type { Route } from '../../src/http/routes/route.ts';

/** What the fuzzer needs to know of a route. All of it comes from the declaration of the route. */
export interface Target {
  readonly route: Route;
  readonly name: string;
  /** Bodies that the API document shows. */
  readonly samples: readonly unknown[];
  readonly contentTypes: readonly string[];
  readonly queryNames: readonly string[];
  /** Names of request headers of this route. */
  readonly headerNames: readonly string[];
}

export const TARGETS: readonly Target[] = ROUTES.map((route) => ({
  route,
  name: `${route.method} ${route.url}`,
  samples: Object.values(route.body?.examples ?? {}),
  contentTypes: route.body?.contentTypes ?? ['application/json'],
  queryNames: route.query instanceof z.ZodObject ? Object.keys(route.query.shape) : [],
  headerNames: Object.keys(route.requestHeaders ?? {}),
}));

/** Addresses of the server that are no routes of the API, and some that do not exist. */
export const OTHER_PATHS: readonly string[] = [
  '/',
  '/docs',
  '/docs/',
  '/docs/static/swagger-ui.css',
  '/docs/static/../../package.json',
  '/docs/static/%2e%2e%2f%2e%2e%2fpackage.json',
  '/openapi.json',
  '/healthz',
  '/readyz',
  '/v1',
  '/v1/',
  '/v1//messages',
  '/v1/messages/',
  '/V1/Messages',
  '/v2/messages',
  '/errors/',
  '/errors/%00',
  '/v1/jobs/message-transmission/jabc',
  '/board',
  '/board/api/queues',
  '//evil.example/v1/messages',
  '/%2e%2e/%2e%2e/etc/passwd',
  '/%',
  '/%zz',
  '/%c3%28',
  '/v1/jobs/%',
  '/v1/tenants/%c3%28',
  '*',
  'http://evil.example/v1/tenants',
];

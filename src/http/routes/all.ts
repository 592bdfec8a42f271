import { aboutRoutes } from './about.ts';
import type { Route } from './route.ts';
import { sendRoutes } from './send.ts';

/** Every route of the HTTP API, in the order of the API document. */
export const ROUTES: readonly Route[] = [...sendRoutes, ...aboutRoutes];

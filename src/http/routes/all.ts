import { aboutRoutes } from './about.ts';
import { batchRoutes } from './batch.ts';
import { bulkRoutes } from './bulk.ts';
import { callbackRoutes } from './callbacks.ts';
import { conversationRoutes } from './conversations.ts';
import { deadLetterRoutes } from './dead-letters.ts';
import { endpointRoutes } from './endpoints.ts';
import { eventRoutes } from './events.ts';
import { jobEventRoutes } from './job-events.ts';
import { jobListRoutes } from './job-lists.ts';
import { timelineRoutes } from './job-timeline.ts';
import { jobRoutes } from './jobs.ts';
import { loginRoutes } from './login.ts';
import { overviewRoutes } from './overview.ts';
import type { Route } from './route.ts';
import { searchRoutes } from './search.ts';
import { sendRoutes } from './send.ts';
import { seriesRoutes } from './series.ts';
import { tenantRoutes } from './tenants.ts';

/** Every route of the HTTP API, in the order of the API document. */
export const ROUTES: readonly Route[] = [
  ...sendRoutes,
  ...batchRoutes,
  ...eventRoutes,
  ...jobListRoutes,
  ...jobRoutes,
  ...bulkRoutes,
  ...jobEventRoutes,
  ...overviewRoutes,
  ...seriesRoutes,
  ...timelineRoutes,
  ...conversationRoutes,
  ...searchRoutes,
  ...deadLetterRoutes,
  ...tenantRoutes,
  ...endpointRoutes,
  ...callbackRoutes,
  ...loginRoutes,
  ...aboutRoutes,
];

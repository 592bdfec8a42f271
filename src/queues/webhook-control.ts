import type { Config } from '../config/settings.ts';
import { createEndpoints, type Endpoints, endpointSettings } from '../webhooks/endpoints.ts';
import { createWebhookRecords, type WebhookRecords } from '../webhooks/records.ts';
import type { Core } from './core.ts';
import { createReplays, type Replays } from './replays.ts';

/** What an operator does with endpoints and callbacks. */
export interface WebhookControl {
  readonly endpoints: Endpoints;
  readonly records: WebhookRecords;
  readonly replays: Replays;
}

export function createWebhookControl(
  { client, keys, queues }: Pick<Core, 'client' | 'keys' | 'queues'>,
  config: Config,
): WebhookControl {
  const records = createWebhookRecords(client, keys);
  const settings = endpointSettings(config);
  return {
    endpoints: createEndpoints({ client, keys, worker: 'operator', wake: queues.wake, ...settings }),
    records,
    replays: createReplays({ client, queues, records }),
  };
}

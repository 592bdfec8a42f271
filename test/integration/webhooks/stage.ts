import { Webhook } from 'standardwebhooks';
import { beforeEach } from 'vitest';
import type { Attempt } from '../../../src/webhooks/attempt.ts';
import { createWebhookRecords } from '../../../src/webhooks/records.ts';
import { openReceiver, type Received, type Receiver } from '../../support/receiver.ts';
import { type Stage, type StageOptions, setStage } from '../../support/stage.ts';
import { type EndedJob, message, text } from '../../support/system.ts';
import { waitFor } from '../../support/wait-for.ts';

export const TEXT = 'canary: my card number is 1234';

/**
 * One worker process for a test file. Each test has a new receiver, to which its messages report.
 */
export interface CallbackStage extends Stage {
  readonly receiver: Receiver;
  /** Waits for the end of the callback of a delivered job. */
  callbackOf(jobId: string, tenantId?: string): Promise<EndedJob>;
  /** The recorded attempts of the callback of a delivered job. */
  attemptsOf(jobId: string): Promise<Attempt[]>;
  /** Waits until the receiver has got this many requests, and returns them. */
  calls(count: number): Promise<readonly Received[]>;
  /** Makes Genesys Cloud refuse the next message. */
  refuse(body: object): Promise<void>;
  /** The body of a callback. Throws if the reference implementation rejects the signature. */
  verified(request: Received | undefined, secret?: string): unknown;
}

/** Prepares the stage for a test file, with messages unless it names another kind. Its parts exist when the tests run. */
export function setCallbackStage(options: Partial<StageOptions>): CallbackStage {
  let receiver: Receiver;
  const sample = (fields: object) =>
    message({ body: text(TEXT), callback: { url: receiver.url }, ...fields });
  const stage = setStage({ tenants: ['acme'], kind: 'message-transmission', sample, ...options });
  beforeEach(async () => {
    receiver = await openReceiver();
  });

  const more: Omit<CallbackStage, keyof Stage | 'receiver'> = {
    callbackOf: (jobId, tenantId = 'acme') =>
      stage.system.ended(`wh-${jobId}-delivered`, { kind: 'webhook-delivery', tenantId }),
    async attemptsOf(jobId) {
      const records = createWebhookRecords(stage.system.client, stage.system.keys);
      return (await records.attempts('acme', `wh-${jobId}-delivered`)) as Attempt[];
    },
    async calls(count) {
      await waitFor(() => receiver.received.length >= count, { what: `${count} callbacks` });
      return receiver.received;
    },
    async refuse(body) {
      const errors = [{ status: 400, rate: 1, times: 1, body }];
      await stage.system.sandbox.inject({ operations: { 'message.send': { errors } } });
    },
    verified(request, secret = stage.system.webhookSecret) {
      if (!request) throw new Error('there is no callback');
      return new Webhook(secret).verify(request.body, request.headers as Record<string, string>);
    },
  };
  Object.defineProperty(stage, 'receiver', { get: () => receiver });
  return Object.assign(stage, more) as CallbackStage;
}

import { Webhook } from 'standardwebhooks';
import { beforeAll, beforeEach } from 'vitest';
import type { Attempt } from '../../../src/webhooks/attempt.ts';
import { createWebhookRecords } from '../../../src/webhooks/records.ts';
import { startWorker } from '../../support/gwm.ts';
import type { TestProcess } from '../../support/processes.ts';
import { openReceiver, type Received, type Receiver } from '../../support/receiver.ts';
import {
  type EndedJob,
  message,
  openSystem,
  type System,
  type SystemOptions,
  text,
} from '../../support/system.ts';
import { waitFor } from '../../support/wait-for.ts';

export const TEXT = 'canary: my card number is 1234';

/** One worker process for a test file, and a new receiver for each test. */
export interface CallbackStage {
  readonly system: System;
  readonly worker: TestProcess;
  readonly receiver: Receiver;
  /** Enqueues a message whose callback goes to the receiver. */
  enqueue(fields?: MessageFields): Promise<string>;
  /** Enqueues a message whose callback goes to the receiver, and waits for the end of its job. */
  run(fields?: MessageFields): Promise<EndedJob & { readonly jobId: string }>;
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

type MessageFields = { tenantId?: string; [name: string]: unknown };

/** Prepares the stage for a test file. Its parts exist when the tests run. */
export function setCallbackStage(options: SystemOptions): CallbackStage {
  let system: System;
  let worker: TestProcess;
  let receiver: Receiver;

  beforeAll(async () => {
    system = await openSystem(options);
    worker = await startWorker(system);
  });
  beforeEach(async () => {
    await system.sandbox.reset();
    receiver = await openReceiver();
  });

  const enqueue = async (fields: MessageFields = {}) => {
    const data = message({ body: text(TEXT), callback: { url: receiver.url }, ...fields });
    const { jobIds } = await system.openProducer().enqueue('message-transmission', data as never);
    return jobIds[0] ?? '';
  };

  return {
    get system() {
      return system;
    },
    get worker() {
      return worker;
    },
    get receiver() {
      return receiver;
    },
    enqueue,
    async run(fields) {
      const jobId = await enqueue(fields);
      return { jobId, ...(await system.ended(jobId)) };
    },
    callbackOf: (jobId, tenantId = 'acme') =>
      system.ended(`wh-${jobId}-delivered`, { kind: 'webhook-delivery', tenantId }),
    async attemptsOf(jobId) {
      const records = createWebhookRecords(system.client, system.keys);
      return (await records.attempts('acme', `wh-${jobId}-delivered`)) as Attempt[];
    },
    async calls(count) {
      await waitFor(() => receiver.received.length >= count, { what: `${count} callbacks` });
      return receiver.received;
    },
    async refuse(body) {
      const errors = [{ status: 400, rate: 1, times: 1, body }];
      await system.sandbox.inject({ operations: { 'message.send': { errors } } });
    },
    verified(request, secret = system.webhookSecret) {
      if (!request) throw new Error('there is no callback');
      return new Webhook(secret).verify(request.body, request.headers as Record<string, string>);
    },
  };
}

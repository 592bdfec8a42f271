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

/** One worker process for a test file, and a receiver of its own for each test. */
export interface CallbackStage {
  readonly system: System;
  readonly worker: TestProcess;
  readonly receiver: Receiver;
  /** Hands over a message that reports to the receiver. */
  enqueue(fields?: MessageFields): Promise<string>;
  /** Hands over a message that reports to the receiver, and waits for its end. */
  run(fields?: MessageFields): Promise<EndedJob & { readonly jobId: string }>;
  /** The end of the callback of a job that was delivered. */
  callbackOf(jobId: string, tenantId?: string): Promise<EndedJob>;
  /** What is on record of the callback of a job that was delivered. */
  attemptsOf(jobId: string): Promise<Attempt[]>;
  /** What the receiver got, once it got that many. */
  calls(count: number): Promise<readonly Received[]>;
  /** Makes Genesys Cloud refuse the next message. */
  refuse(body: object): Promise<void>;
  /** The body of a callback whose signature the reference implementation accepts. */
  verified(request: Received | undefined, secret?: string): unknown;
}

type MessageFields = { tenantId?: string; [name: string]: unknown };

/** Sets the stage for a test file; its parts are there once the tests run. */
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

import { setTimeout as delay } from 'node:timers/promises';
import type { z } from 'zod';
import { loadConfig } from '../../../src/config/load.ts';
import { systemClock } from '../../../src/core/clock.ts';
import { type CodedError, toCodedError } from '../../../src/core/errors.ts';
import type { Outcome } from '../../../src/core/outcome.ts';
import type { Saved } from '../../../src/jobs/envelope.ts';
import { messageTransmission } from '../../../src/jobs/message-transmission.ts';
import { createMetrics } from '../../../src/observe/metrics.ts';
import { NO_TRACING, type Tracing } from '../../../src/observe/tracing.ts';
import { createFiles } from '../../../src/outbound/fetch-file.ts';
import { createTransport } from '../../../src/outbound/transport.ts';
import { wayOut } from '../../../src/outbound/way-out.ts';
import { createRedis } from '../../../src/redis/connect.ts';
import { createJobSteps } from '../../../src/runtime/job-steps.ts';
import { DEFAULT_DEPLOYMENT_ID } from '../../../src/sandbox/platform/webmessaging/deployments.ts';
import type { platformSchema } from '../../../src/tenants/platform.ts';
import { loadTenants } from '../../../src/tenants/registry.ts';
import { createGuestChannel, type GuestChannel } from '../../../src/webmessaging/guest-channel.ts';
import { platformMessages } from '../../../workers/platform/messages.ts';
import { webmessagingSender } from '../../../workers/platform/webmessaging.ts';
import { onEnd } from '../../support/lifetime.ts';
import { message, openSystem, type System, type TenantSpec, text } from '../../support/system.ts';

export const ORIGIN = 'https://shop.example';

type Settings = NonNullable<z.input<typeof platformSchema>['webmessaging']>;

/** A tenant whose messages go over the guest channel. */
export function guestTenant(settings: Partial<Settings> = {}, spec: Partial<TenantSpec> = {}): TenantSpec {
  const webmessaging: Settings = {
    deploymentId: DEFAULT_DEPLOYMENT_ID,
    origin: ORIGIN,
    messagesPerSecond: 100,
    requestsPerMinute: 6000,
    ...settings,
  };
  return { id: 'acme', dialect: 'platform', platform: { route: 'webmessaging', webmessaging }, ...spec };
}

/** How one run of a job ended. */
export type Ended = Outcome | { readonly kind: 'threw'; readonly error: CodedError };

/** One job, whose runs the test starts. */
export interface GuestJob {
  readonly jobId: string;
  /** Runs the handler once. @param worker that runs it; the first one by default */
  run(options?: RunOptions): Promise<Ended>;
  /** Runs the handler until the job has ended, as the queue does. */
  runToEnd(options?: RunOptions): Promise<Ended>;
  saved(): Saved | undefined;
}

interface RunOptions {
  readonly worker?: GuestChannel;
  readonly signal?: AbortSignal;
  readonly isLastAttempt?: boolean;
}

export interface Stage {
  readonly system: System;
  readonly channel: GuestChannel;
  /** The metrics of the first worker, as Prometheus reads them. */
  metrics(): Promise<string>;
  /** The guest channel of another worker process. */
  openWorker(environment?: Readonly<Record<string, string>>): GuestChannel;
  /** A message of the tenant. */
  job(fields?: object): GuestJob;
  /** Changes settings of the sandbox's channel. */
  set(settings: object): Promise<void>;
  fault(fault: object): Promise<void>;
  /** The sandbox's sessions, the oldest first. */
  sessions(): Promise<ShownSession[]>;
  /** The texts that arrived in a session. */
  texts(token: string): Promise<(string | undefined)[]>;
  control(path: string, body: object): Promise<unknown>;
}

export interface ShownSession {
  readonly token: string;
  readonly state: string;
  readonly conversationId: string;
  readonly counters: Readonly<Record<string, number>>;
  readonly connections: readonly { readonly origin: string; readonly requests: number }[];
}

export interface StageOptions {
  readonly tenant?: TenantSpec;
  readonly environment?: Readonly<Record<string, string>>;
  /** Off by default. */
  readonly tracing?: Tracing;
}

const ATTEMPT_MS = 10_000;

const noSender = () => {
  throw new TypeError('a message of another route');
};
const NO_SENDERS = { open: noSender, agentless: noSender, conversation: noSender };

/** Opens a sandbox, Redis, and the guest channel of one worker. */
export async function openStage({
  tenant = guestTenant(),
  environment = {},
  tracing = NO_TRACING,
}: StageOptions = {}): Promise<Stage> {
  const system = await openSystem({
    tenants: [tenant],
    environment: {
      REQUEST_TIMEOUT: '5s',
      LOCK_DURATION: '10s',
      GUEST_HISTORY_DELAY: '100ms',
      ...environment,
    },
  });
  const tenants = () =>
    loadTenants({ file: system.config.tenantsFile, environment: system.environment, requireSecrets: true });
  const metrics = createMetrics();
  let jobs = 0;

  function openWorker(more: Readonly<Record<string, string>> = {}): GuestChannel {
    const config = loadConfig({ ...system.environment, ...more });
    const client = createRedis({ url: system.redis.url, role: 'worker' });
    const transport = createTransport({ ...config, ...wayOut(config), maxAnswerBytes: 262_144 });
    const files = createFiles({ ...config, ...wayOut(config) });
    const channel = createGuestChannel({
      config,
      client,
      keys: system.keys,
      clock: systemClock,
      transport,
      files,
      metrics,
      tracing,
      secretOf: (of) => tenants().secret(of.clientSecret),
      wayOut: wayOut(config),
    });
    onEnd(async () => {
      await Promise.all([channel.close(), transport.close(), files.close()]);
      client.disconnect();
    });
    return channel;
  }

  const channel = openWorker();
  const control = (path: string, body: object) =>
    system.sandbox.platform('POST', `/webmessaging${path}`, body);

  return {
    system,
    channel,
    metrics: () => metrics.registry.metrics(),
    openWorker,
    control,
    job(fields = {}) {
      const data = messageTransmission.schema.parse(
        message({ tenantId: tenant.id, body: text('hello'), ...fields }),
      );
      const jobId = `job-${++jobs}`;
      let number = 0;
      let saved: Saved | undefined;
      const run: GuestJob['run'] = async ({ worker = channel, signal, isLastAttempt = false } = {}) => {
        number++;
        const ending = signal ?? new AbortController().signal;
        const attempt = AbortSignal.any([ending, AbortSignal.timeout(ATTEMPT_MS)]);
        const steps = createJobSteps({
          ref: {} as never,
          saved,
          save: async (state) => {
            ending.throwIfAborted();
            saved = structuredClone(state);
          },
          children: {} as never,
          retry: (act) => act(),
        });
        const handler = platformMessages({
          ...NO_SENDERS,
          webmessaging: webmessagingSender({
            channel: worker,
            retryUntilAborted: (act) => act(),
            attemptMs: ATTEMPT_MS,
          }),
        });
        return await handler({
          jobId,
          tenant: tenants().get(tenant.id),
          data,
          sequence: 1,
          acceptedAtMs: Date.now(),
          attempt: 1,
          isLastAttempt,
          run: number,
          attempts: 1,
          signal: attempt,
          ending,
          requests: { token: async () => {}, noteAllowance: () => {}, noteCorrelation: () => {} },
          steps,
        }).catch((error: unknown) => ({ kind: 'threw' as const, error: toCodedError(error) }));
      };
      return {
        jobId,
        run,
        saved: () => saved,
        async runToEnd(options) {
          for (;;) {
            const ended = await run(options);
            if (ended.kind === 'done') return ended;
            if (ended.kind === 'threw' && ended.error.disposition !== 'retry') return ended;
            await delay(ended.kind === 'snooze' ? ended.delayMs : 5);
          }
        },
      };
    },
    async set(settings) {
      await system.sandbox.platform('PUT', '/webmessaging/settings', settings);
    },
    async fault(fault) {
      await control('/faults', fault);
    },
    async sessions() {
      return (await system.sandbox.platform('GET', '/webmessaging/sessions')) as ShownSession[];
    },
    async texts(token) {
      const query = new URLSearchParams({ token });
      const log = await system.sandbox.platform('GET', `/webmessaging/sessions/messages?${query}`);
      return (log as { body: { text?: string } }[]).map(({ body }) => body.text);
    },
  };
}

/** The only session of the sandbox. */
export async function onlySession(stage: Stage): Promise<ShownSession> {
  const sessions = await stage.sessions();
  if (sessions.length !== 1) throw new Error(`expected one session, got ${sessions.length}`);
  return sessions[0] as ShownSession;
}

/** The texts of the only session. */
export async function onlyTexts(stage: Stage): Promise<(string | undefined)[]> {
  return await stage.texts((await onlySession(stage)).token);
}

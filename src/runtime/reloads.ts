import { setTimeout as delay } from 'node:timers/promises';
import { OperatorError } from '../core/errors.ts';
import { parseJson } from '../core/json.ts';
import type { RedisClient } from '../redis/connect.ts';
import type { Keys } from '../redis/keys.ts';
import type { RedisClock } from '../redis/redis-clock.ts';
import { loadScript } from '../redis/script.ts';
import type { TenantsReload } from '../tenants/registry.ts';
import { type Reader, type ReadReport, readerOf, reportOf } from './reload-report.ts';
import { type ReloadParts, reloadTenants } from './reload-tenants.ts';

/** Reads the tenants file again, in this process and in all others. */
export interface Reloads {
  /** @throws {OperatorError} when this process cannot read the file. */
  here(): Promise<TenantsReload>;
  /**
   * Reads the file here, asks all other processes to do so, and waits for their reports.
   * @throws {OperatorError} when this process cannot read the file. The others are not asked then.
   */
  everywhere(): Promise<ReloadResult>;
  stop(): Promise<void>;
}

export interface ReloadResult extends TenantsReload {
  /** Every process that reported lately, this one among them. */
  readonly processes: readonly ReadReport[];
}

export interface ReloadsOptions extends ReloadParts {
  readonly client: RedisClient;
  readonly keys: Keys;
  readonly clock: Pick<RedisClock, 'now'>;
  /** Name of this process. */
  readonly name: string;
  readonly command: 'worker' | 'serve';
  readonly everyMs?: number;
}

/** A process looks for a request this often, and says at the same time that it is there. */
const LOOK_EVERY_MS = 1000;
/** A process that has not looked for this long is gone. */
const GONE_AFTER_MS = 15_000;
/** Longest wait for the reports of other processes. A busy one may look late. */
const REPORT_WITHIN_MS = 10_000;
const ASK_AGAIN_MS = 100;
/** A process that starts may have read the file before a request that is younger than this. */
const START_MS = 60_000;

/**
 * A request is a number in Redis. Each process compares it with the last one that it followed, so a
 * process that was cut off from Redis follows it later. The log of each process has the errors.
 */
export async function openReloads(options: ReloadsOptions): Promise<Reloads> {
  const { client, keys, clock, name, command, everyMs = LOOK_EVERY_MS } = options;
  const ask = loadScript(client, new URL('./ask-reload.lua', import.meta.url), []);
  let reader: Reader = { command, request: clock.now() - START_MS, status: 'unchanged' };
  let looking: Promise<void> | undefined;

  const requested = async () => Number(await client.get(keys.tenantsReload()));
  const report = () =>
    client.hset(keys.tenantsReaders(), name, JSON.stringify({ ...reader, at: clock.now() }));

  const follow = async (request: number): Promise<void> => {
    try {
      reader = { command, request, ...readerOf(await reloadTenants(options), options.tenants) };
    } catch (error) {
      // Another error comes from Redis: the next look tries again.
      if (!(error instanceof OperatorError)) throw error;
      reader = { command, request, status: 'failed' };
    }
  };

  const look = async (): Promise<void> => {
    const request = await requested();
    if (request > reader.request) await follow(request);
    await report();
  };

  const lookUnlessBusy = (): Promise<void> => {
    // While Redis is away commands wait; they must not pile up.
    looking ??= look()
      .catch(() => {})
      .finally(() => {
        looking = undefined;
      });
    return looking;
  };

  const readReports = async (request: number): Promise<ReadReport[]> => {
    const [found, now] = [await client.hgetall(keys.tenantsReaders()), clock.now()];
    const all = Object.entries(found).map(([process, text]) => reportOf(process, parseJson(text), request));
    const gone = all.filter(({ at }) => at < now - GONE_AFTER_MS);
    if (gone.length > 0) await client.hdel(keys.tenantsReaders(), ...gone.map(({ process }) => process));
    return all.filter((each) => !gone.includes(each));
  };

  await lookUnlessBusy();
  const timer = setInterval(() => void lookUnlessBusy(), everyMs);

  return {
    here: async () => await reloadTenants(options),

    async everywhere() {
      const reloaded = await reloadTenants(options);
      const request = Number(await ask.run(keys.tenantsReload(), [keys.tenantsReload()]));
      reader = { command, request, ...readerOf(reloaded, options.tenants) };
      await report();
      const deadlineMs = performance.now() + REPORT_WITHIN_MS;
      for (;;) {
        const processes = await readReports(request);
        const isComplete = processes.every(({ status }) => status !== 'silent');
        if (isComplete || performance.now() > deadlineMs) return { ...reloaded, processes };
        await delay(ASK_AGAIN_MS);
      }
    },

    async stop() {
      clearInterval(timer);
      await looking;
      await client.hdel(keys.tenantsReaders(), name).catch(() => {});
    },
  };
}

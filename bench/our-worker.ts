import { dirname, join } from 'node:path';
import { createProducer, type Producer } from '../src/queues/producer.ts';
import { CONCURRENCY } from './bare-queue.ts';
import { type Child, startChild } from './child.ts';
import type { Lab } from './lab.ts';
import { SECRET } from './tenants.ts';

export interface WorkersOptions {
  readonly prefix: string;
  readonly tenantsFile: string;
  readonly replicas?: number;
  /** Settings other than the defaults. */
  readonly env?: Readonly<Record<string, string>>;
  /** Options of Node, in addition to those of the lab. */
  readonly nodeOptions?: readonly string[];
}

/** Starts `replicas` processes of `gwm worker`, as an operator does. */
export async function startWorkers(
  lab: Lab,
  { prefix, tenantsFile, replicas = 1, env = {}, nodeOptions = [] }: WorkersOptions,
): Promise<Child[]> {
  const settings = {
    REDIS_URL: lab.redisUrl,
    QUEUE_PREFIX: prefix,
    TENANTS_FILE: tenantsFile,
    AUDIT_DATABASE_URL: `sqlite:${join(dirname(tenantsFile), `${prefix}-audit.db`)}`,
    LOG_LEVEL: 'warn',
    WORKER_CONCURRENCY: String(CONCURRENCY),
    ...SECRET,
    ...env,
  };
  const start = () =>
    startChild(lab.program, {
      args: ['worker'],
      env: settings,
      nodeOptions: [...lab.nodeOptions, ...nodeOptions],
    });
  const workers = await Promise.all(Array.from({ length: replicas }, start));
  return workers.map((worker) => lab.keep(worker));
}

/** The producer of the library, as applications use it. */
export function openProducer(lab: Lab, prefix: string): Producer & AsyncDisposable {
  const producer = createProducer({ redisUrl: lab.redisUrl, queuePrefix: prefix });
  return { ...producer, [Symbol.asyncDispose]: () => producer.close() };
}

import { createMover, moveWhole } from '../../../src/partitions/mover.ts';
import type { MoverLock } from '../../../src/partitions/mover-lock.ts';
import type { MoveProgress } from '../../../src/partitions/stepper.ts';
import { type Core, openCore } from '../../../src/queues/core.ts';
import { createRedis, type RedisClient } from '../../../src/redis/connect.ts';
import { claimInstallation } from '../../../src/redis/installation.ts';
import type { MoveStep } from '../../../src/redis/layout.ts';
import { redisTarget } from '../../../src/redis/target.ts';
import { onEnd } from '../../support/lifetime.ts';
import type { System } from '../../support/system.ts';

/** A command that dies at one of its commands to Redis. */
export class Death extends Error {}

const ALONE: MoverLock = { check: () => {}, release: () => Promise.resolve() };

/** The core of one process more. @param deadAt the number of the command to Redis that it does not send. */
export async function openProcess(system: System, deadAt = Number.POSITIVE_INFINITY): Promise<Core> {
  const client = createRedis({ ...redisTarget(system.config), role: 'caller' });
  const core = openCore({ client, config: system.config, onError: () => {} });
  onEnd(() => core.close().catch(() => {}));
  await claimInstallation(client, core.keys);
  await core.queues.ready();
  killAt(client, deadAt);
  return core;
}

/** Counts the commands of a client from now on, and ends with an error before one of them. */
function killAt(client: RedisClient, deadAt: number): void {
  let sent = 0;
  const send = client.sendCommand.bind(client);
  client.sendCommand = ((command: never, stream: never) => {
    if (++sent >= deadAt) throw new Death();
    return send(command, stream);
  }) as typeof client.sendCommand;
}

/** Moves a tenant in this process. @param lateMs see MoverParts. @returns the steps that were told. */
export async function move(
  core: Core,
  tenantIds: readonly string[],
  to: number,
  lateMs = 0,
): Promise<MoveProgress[]> {
  const told: MoveProgress[] = [];
  const onProgress = (progress: MoveProgress) => void told.push(progress);
  const mover = createMover({ core, lock: ALONE, ledgerTtlMs: 3_600_000, lateMs, onProgress });
  await moveWhole(mover, tenantIds, to);
  return told;
}

/** Begins a move, and leaves it at a step, as a process does that dies there. */
export async function moveUpTo(core: Core, tenantId: string, to: number, step: MoveStep): Promise<void> {
  const check = () => {
    if (core.keys.layout.moveOf(tenantId)?.step === step) throw new Death();
  };
  const lock = { check, release: () => Promise.resolve() };
  const mover = createMover({ core, lock, ledgerTtlMs: 3_600_000, lateMs: 0, onProgress: () => {} });
  await moveWhole(mover, [tenantId], to).catch((error: unknown) => {
    if (!(error instanceof Death)) throw error;
  });
}

/** Moves tenants in a process of its own. @returns whether it died before it was done. */
export async function dies(
  system: System,
  { tenantIds, to, deadAt }: { tenantIds: readonly string[]; to: number; deadAt: number },
): Promise<boolean> {
  const core = await openProcess(system, deadAt);
  try {
    await move(core, tenantIds, to);
    return false;
  } catch (error) {
    if (error instanceof Death) return true;
    throw error;
  } finally {
    await core.close();
  }
}

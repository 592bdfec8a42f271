import type { Config } from '../config/settings.ts';
import { createFlow, type Flow, timesOf } from '../flow/flow.ts';
import type { RedisClient } from '../redis/connect.ts';
import { createKeys, type Keys } from '../redis/keys.ts';
import type { Seal } from '../seal/seal.ts';
import { type Children, createChildren } from './children.ts';
import { type Crossing, createCrossing } from './crossing.ts';
import { followLayout, type LayoutFollower } from './follow-layout.ts';
import { createJobs, type Jobs } from './jobs.ts';
import { openQueues, type Queues } from './queues.ts';

/** What workers, commands and producers share: the queues, and flow control in front of them. */
export interface Core {
  readonly client: RedisClient;
  readonly keys: Keys;
  readonly flow: Flow;
  readonly queues: Queues;
  /** Jobs that jobs begin. */
  readonly children: Children;
  /** What an operator does with single jobs. */
  readonly jobs: Jobs;
  /** The line of batches on their way to Redis. */
  readonly crossing: Crossing;
  /** Follows the layout of partitions from now on. */
  follow(): LayoutFollower;
  /** Closes the queues and the connection. */
  close(): Promise<void>;
}

export interface CoreOptions {
  readonly client: RedisClient;
  readonly config: Pick<Config, 'queuePrefix' | 'partitions' | 'requestTimeoutMs' | 'ledgerTtlMs'>;
  /** How values are sealed; in clear without it. */
  readonly seal?: Seal;
  /** Called with errors of the queues that no caller waits for. */
  readonly onError: (error: Error) => void;
}

/** Opens the core on a client. The core closes the client with itself. */
export function openCore({ client, config, seal, onError }: CoreOptions): Core {
  const keys = createKeys(config.queuePrefix, config.partitions, seal);
  const crossing = createCrossing();
  let follower: LayoutFollower | undefined;
  const flow = createFlow({ client, keys, ...timesOf(config) });
  const queues = openQueues({ client, keys, onError });
  const children = createChildren({ client, flow, queues, keys, crossing });
  return {
    client,
    keys,
    flow,
    queues,
    children,
    jobs: createJobs({ client, keys, flow, queues, children }),
    crossing,
    follow() {
      follower ??= followLayout({ client, keys, crossing });
      return follower;
    },
    async close() {
      follower?.stop();
      await queues.close();
      client.disconnect();
    },
  };
}

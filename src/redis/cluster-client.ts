import { setTimeout as delay } from 'node:timers/promises';
import { Cluster, type ClusterOptions, type Command } from 'ioredis';
import { startPatience } from '../core/patience.ts';
import { BLOCKING_SILENCE_MS, BoundedClient, type ClientOptions, withoutPolicy } from './bounded-client.ts';
import { isClusterChange, isDemotion, isNoCluster, isUnknownScript, troubleOf } from './failure.ts';
import { guardSlot } from './slot-guard.ts';

export interface ClusterClientOptions {
  /** Some nodes; they name the others. */
  readonly hosts: readonly { readonly host: string; readonly port: number }[];
  /** The address without user and password, for messages. */
  readonly address: string;
  /** Of the connection to each node. */
  readonly node: ClientOptions;
  /** Longest time of a command, ms; without it commands wait for the cluster. */
  readonly deadlineMs?: number | undefined;
  /** Wait before the next try to reach the cluster, when no node answers, ms. */
  readonly retryMs: (attempt: number) => number;
}

/** Wait before a command is sent again that the cluster could not serve, ms. */
const AGAIN_MS = 100;

/** Longest wait for a node that is asked for the places of the slots, ms. */
const SLOTS_TIMEOUT_MS = 2000;

/** A trouble counts as the reason of a late command for this time, ms. */
const TROUBLE_MS = 10_000;

/** What ioredis says of a command whose connection is gone. */
const CLOSED = 'Connection is closed.';

/** The part of ioredis that this class reaches into: its types call it private. */
interface Inside {
  readonly connectionPool: Pool;
  readonly delayQueue: { push(name: string, act: () => void, options: object): void };
  setStatus(status: 'close'): void;
  readyCheck(callback: (error: unknown, state?: string) => void): void;
}

interface Pool {
  createRedisFromOptions(node: ClientOptions, readOnly: boolean): BoundedClient;
  findOrCreate(node: { host: string; port: number }): BoundedClient;
}

/** The ways on after an error, as ioredis gives them. */
interface Ways {
  /** Rejects the command. */
  defaults(): void;
  /** Sends it again, to any node, which names the right one. */
  connectionClosed(): void;
}

/** When a command failed first; ioredis keeps its count of tries in the same object. */
interface Tries {
  value?: unknown;
  sinceMs?: number;
}

/**
 * A client of a Redis Cluster, with the promises of {@link BoundedClient}:
 *
 * - It waits out what passes: a slot that moves, a master that dies and is replaced, a cluster that is
 *   down. A worker waits without limit, a caller until its deadline.
 * - It does not send a command after its caller got an error for it.
 * - It leaves a node that is silent, and asks another one where its slots are.
 * - A script runs as a whole where its slot is (slot-guard.ts).
 * - Its copies serve blocking reads, and wait longer.
 */
export class ClusterClient extends Cluster {
  readonly address: string;
  /** Stands for the scripts that the nodes know. A new object when one may have lost them. */
  scripts: object = {};
  /** Whether this process has closed the connections for good. */
  isLeft = false;
  readonly #own: ClusterClientOptions;
  readonly #firstSent = new WeakMap<Command, number>();
  #trouble: { readonly error: Error; readonly atMs: number } | undefined;

  constructor(own: ClusterClientOptions) {
    super([...own.hosts], {
      lazyConnect: true,
      clusterRetryStrategy: own.retryMs,
      redisOptions: own.node as object,
      // The bound is a time.
      maxRedirections: Number.MAX_SAFE_INTEGER,
      retryDelayOnTryAgain: AGAIN_MS,
      slotsRefreshTimeout: SLOTS_TIMEOUT_MS,
      // Names stay names: certificates have them, and each connection looks them up.
      dnsLookup: (host, callback) => callback(null, host),
    });
    this.#own = own;
    this.address = own.address;
    const inside = this.#inside();
    inside.connectionPool.createRedisFromOptions = (options, readOnly) => {
      const all = { ...own.node, ...options, retryStrategy: null as never, readOnly, lazyConnect: true };
      const node = new ClusterNode(undefined, all, own.address);
      node.on('copy error', (error: Error) => {
        this.trouble = error;
      });
      return node;
    };
    this.on('error', (error: Error & { lastNodeError?: Error }) => {
      this.trouble = error.lastNodeError ?? error;
    });
    this.on('node error', (error: Error) => {
      this.trouble = error;
    });
    this.on('+node', () => {
      this.scripts = {};
    });
    const { readyCheck } = inside;
    Reflect.set(this, 'readyCheck', (callback: Parameters<Inside['readyCheck']>[0]) =>
      readyCheck.call(this, (error, state) => {
        if (state) this.trouble = new Error('CLUSTERDOWN the cluster is down');
        callback(error, state);
      }),
    );
    const info = this.info.bind(this) as (...args: unknown[]) => Promise<string>;
    this.info = (async (...args: unknown[]) => withoutPolicy(args, await info(...args))) as never;
  }

  /** The last trouble of a node or of the cluster; undefined when it is long over. */
  get trouble(): Error | undefined {
    const { error, atMs } = this.#trouble ?? { error: undefined, atMs: 0 };
    return performance.now() - atMs < TROUBLE_MS ? error : undefined;
  }

  set trouble(error: Error | undefined) {
    // The reason comes first, and then the end of the connection.
    if (error?.message === CLOSED && this.trouble) return;
    this.#trouble = error && { error: troubleOf(error), atMs: performance.now() };
  }

  /** Asks each master that has slots. When one is away, it waits as a command does, and asks all again. */
  async ofMasters<Answer>(ask: (master: BoundedClient) => Promise<Answer>): Promise<Answer[]> {
    const sinceMs = performance.now();
    const { deadlineMs } = this.#own;
    if (this.status !== 'ready') await this.ping();
    for (;;) {
      try {
        return await Promise.all(this.#masters().map(ask));
      } catch (error) {
        const isLate = deadlineMs !== undefined && performance.now() - sinceMs > deadlineMs;
        if (isLate || this.isLeft || !(error instanceof Error && isPassing(error))) throw error;
        this.trouble = error;
        await delay(AGAIN_MS);
        await new Promise<void>((resolve) => this.refreshSlotsCache(() => resolve()));
      }
    }
  }

  #masters(): readonly BoundedClient[] {
    const names = new Set(this.slots.flatMap(([master]) => master ?? []));
    return [...names].map((name) => {
      const at = name.lastIndexOf(':');
      const node = { host: name.slice(0, at), port: Number(name.slice(at + 1)) };
      return this.#inside().connectionPool.findOrCreate(node);
    });
  }

  /**
   * Never empty while the client is open. BullMQ restarts a client without nodes, and a restart that
   * fails ends the client for good. This one comes back by itself.
   */
  override nodes(role?: Parameters<Cluster['nodes']>[0]): ReturnType<Cluster['nodes']> {
    const found = super.nodes(role);
    if (found.length > 0 || this.isLeft) return found;
    return this.#own.hosts.map(
      (host) => new ClusterNode(undefined, { ...this.#own.node, ...host }, this.address),
    );
  }

  /**
   * Resolves when the cluster serves commands, also after failed tries; rejects for a single server. BullMQ closes a connection whose
   * blocking read is late, and connects it again: from then on it must come back by itself as before.
   */
  override async connect(): Promise<void> {
    if (this.status === 'ready') return;
    this.isLeft = false;
    Reflect.set(this, 'manuallyClosing', false);
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const ended = () => reject(this.trouble ?? new Error(CLOSED));
    // A single server would say so for ever, and a worker waits for a cluster without limit.
    const refused = (error: Error) => {
      if (isNoCluster(error)) reject(error);
    };
    this.once('ready', resolve);
    this.once('end', ended);
    this.on('node error', refused);
    // Further tries follow by themselves.
    super.connect().catch(() => {});
    await promise.finally(() => {
      this.off('ready', resolve);
      this.off('end', ended);
      this.off('node error', refused);
    });
  }

  override disconnect(reconnect = false): void {
    if (!reconnect) this.isLeft = true;
    const hasNodes = super.nodes().length > 0;
    super.disconnect(reconnect);
    // The end of the last node would say so.
    if (!hasNodes && this.status === 'disconnecting') this.#inside().setStatus('close');
  }

  override async quit(): Promise<'OK'> {
    this.isLeft = true;
    return await super.quit();
  }

  override sendCommand(
    command: Command,
    stream?: Parameters<Cluster['sendCommand']>[1],
    node?: unknown,
  ): unknown {
    this.#limit(command);
    if (command.isSettled) return command.promise;
    guardSlot(command);
    return super.sendCommand(command, stream, node);
  }

  /** ioredis asks here what to do after an error of a command, or of a whole pipeline. */
  override handleError(error: Error, tries: Tries, ways: Ways): void {
    if (isUnknownScript(error)) this.scripts = {};
    const { deadlineMs } = this.#own;
    tries.sinceMs ??= performance.now();
    const isLate = deadlineMs !== undefined && performance.now() - tries.sinceMs > deadlineMs;
    if (isLate || this.isLeft) ways.defaults();
    else if (isPassing(error)) this.#sendLater(error, ways);
    else super.handleError(error, tries, ways);
  }

  #sendLater(error: Error, ways: Ways): void {
    this.trouble = error;
    this.#inside().delayQueue.push('passing', ways.connectionClosed, {
      timeout: AGAIN_MS,
      callback: (done: () => void) => this.refreshSlotsCache(done),
    });
  }

  /** BullMQ copies a client for its blocking reads. */
  override duplicate(_hosts?: unknown, override?: ClusterOptions): never {
    const node = { ...this.#own.node, ...override?.redisOptions, socketTimeout: BLOCKING_SILENCE_MS };
    return new ClusterClient({ ...this.#own, node: node as ClientOptions }) as never;
  }

  /** Rejects the command at the deadline. It may be sent several times. */
  #limit(command: Command): void {
    const { deadlineMs } = this.#own;
    if (deadlineMs === undefined) return;
    const sinceMs = this.#firstSent.get(command) ?? performance.now();
    this.#firstSent.set(command, sinceMs);
    startPatience({
      timeoutMs: Math.max(1, deadlineMs - (performance.now() - sinceMs)),
      isOver: () => command.isSettled,
      onLate: () => command.reject(new Error('Command timed out')),
    });
  }

  #inside(): Inside {
    return this as unknown as Inside;
  }
}

/** One node. It may become a replica: the cluster then says where its slots are. */
class ClusterNode extends BoundedClient {
  constructor(...args: ConstructorParameters<typeof BoundedClient>) {
    super(...args);
    // ioredis does not wait for the answer.
    const asking = this.asking.bind(this) as () => Promise<'OK'>;
    this.asking = (() => {
      const asked = asking();
      asked.catch(() => {});
      return asked;
    }) as never;
  }

  protected override takesWrites(): boolean {
    return true;
  }

  /** ioredis asks a copy for the places of the slots, and ignores why it cannot connect. */
  override duplicate(override?: Partial<ClientOptions>): never {
    const copy = super.duplicate(override) as BoundedClient;
    copy.on('error', (error: Error) => this.emit('copy error', error));
    return copy as never;
  }
}

/** Errors that end by themselves, and that tell nothing of where to go. */
function isPassing(error: Error): boolean {
  return (
    error.message === CLOSED ||
    /^LOADING /.test(error.message) ||
    isDemotion(error) ||
    (isClusterChange(error) && !/^(MOVED|ASK) /.test(error.message))
  );
}

import { type Command, Redis, type RedisOptions } from 'ioredis';
import { startPatience } from '../core/patience.ts';
import { isDemotion, isUnknownScript, troubleOf } from './failure.ts';

/** The fields of INFO, read when a connection is made. Empty when the user may not read them. */
export type ServerInfo = Readonly<Record<string, string>>;

/**
 * Longest time of a blocking read, ms. It must be shorter than the time after which a silent socket
 * counts as dead; otherwise a quiet queue looks like a dead connection.
 */
export const MAX_BLOCK_MS = 5000;

/** A blocking read that is late by this time gets no answer any more, ms. */
const BLOCK_GRACE_MS = 3000;

/** After this time the socket of a client for blocking reads is dead, ms. */
export const BLOCKING_SILENCE_MS = MAX_BLOCK_MS + BLOCK_GRACE_MS;

export type ClientOptions = Omit<RedisOptions, 'replyMapping'>;

/**
 * A Redis client that leaves a dead connection, and a server that is no longer the master. ioredis
 * has the time-outs; this class adds the rest:
 *
 * - It leaves a server that refuses writes, and looks up the name again, until it finds the master.
 * - It does not send a command after its caller got an error for it.
 * - Time in which this process itself was busy is no time-out of a command.
 * - Its copies serve blocking reads, and wait longer.
 */
export class BoundedClient extends Redis {
  /** The address without user and password, for messages. */
  readonly address: string;
  /** The trouble of the connection; undefined while it works. */
  trouble: Error | undefined;
  server: ServerInfo = {};
  /** Stands for the scripts that the server knows. A new object when it may have lost them. */
  scripts: object = {};
  /** Whether this process has closed the connection for good. */
  isLeft = false;

  /** @param url undefined for a copy, or when the options hold the address. */
  constructor(url: string | undefined, options: ClientOptions, address: string) {
    super(url as string, options);
    this.address = address;
    this.on('error', (error: Error) => {
      this.trouble = troubleOf(error);
    });
    this.on('ready', () => {
      this.trouble = undefined;
      this.scripts = {};
    });
    this.#hearInfo();
    // ioredis asks its connector before it calls a connection ready. The connector of a single
    // server always agrees; that of a sentinel then asks the next one.
    const connector = Reflect.get(this, 'connector') as { check: (info: ServerInfo) => boolean };
    const agrees = connector.check.bind(connector);
    connector.check = (info) => {
      this.server = info;
      if (this.takesWrites(info)) return agrees(info);
      agrees(info);
      this.emit('error', new Error('READONLY this server is a replica'));
      return false;
    };
  }

  /** Asks each server that has keys of its own: this one. */
  async ofMasters<Answer>(ask: (master: BoundedClient) => Promise<Answer>): Promise<Answer[]> {
    return [await ask(this)];
  }

  /** Some servers call themselves a replica and take writes nevertheless. */
  protected takesWrites({ role, slave_read_only }: ServerInfo): boolean {
    return role !== 'slave' || slave_read_only === '0';
  }

  /**
   * Listens to the INFO that ioredis reads until the server has loaded its data, to learn the
   * reason of the wait.
   */
  #hearInfo(): void {
    const info = this.info.bind(this) as (...args: unknown[]) => Promise<string>;
    const heard = (callback: (error: unknown, text: unknown) => void) => (error: unknown, text: unknown) => {
      if (/^loading:1/m.test(String(text))) this.trouble = new Error('LOADING this server loads its data');
      callback(error, text);
    };
    this.info = (async (...args: unknown[]) => {
      const [callback] = args;
      if (typeof callback === 'function') return await info(heard(callback as Parameters<typeof heard>[0]));
      return withoutPolicy(args, await info(...args));
    }) as never;
  }

  override disconnect(reconnect = false): void {
    this.isLeft = !reconnect;
    super.disconnect(reconnect);
  }

  override sendCommand(command: Command, stream?: Parameters<Redis['sendCommand']>[1]): unknown {
    if (this.options.commandTimeout !== undefined) command.setTimeout = patiently;
    if (command.isSettled) return command.promise;
    return super.sendCommand(command, stream);
  }

  override handleReconnection(error: Error, item: Parameters<Redis['handleReconnection']>[1]): void {
    if (isDemotion(error)) this.trouble = error;
    if (isUnknownScript(error)) this.scripts = {};
    super.handleReconnection(error, item);
  }

  /** BullMQ copies a client for its blocking reads. */
  override duplicate(override?: Partial<ClientOptions>): never {
    const { replyMapping: _asItIs, ...own } = this.options;
    const options = { ...own, socketTimeout: BLOCKING_SILENCE_MS, ...override };
    return new (this.constructor as typeof BoundedClient)(undefined, options, this.address) as never;
  }
}

/**
 * BullMQ reads INFO on each connection, and prints a warning about its policy each time; this program
 * logs that once.
 */
export function withoutPolicy(args: readonly unknown[], info: string): string {
  return args.length === 0 ? info.replace(/^maxmemory_policy:.*\r?\n/m, '') : info;
}

/** The time-out of a command, in the place of that of ioredis. A command may be sent several times. */
function patiently(this: Command, timeoutMs: number): void {
  this.setTimeout = () => {};
  startPatience({
    timeoutMs,
    isOver: () => this.isSettled,
    onLate: () => this.reject(new Error('Command timed out')),
  });
}

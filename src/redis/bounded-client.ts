import { type Command, Redis, type RedisOptions } from 'ioredis';
import { isDemotion } from './failure.ts';

/** What a server says about itself when a connection is made: the fields of INFO. Empty where a user may not ask. */
export type ServerInfo = Readonly<Record<string, string>>;

/**
 * How long a blocking read may block, ms. It must be shorter than the time after which a silent socket is taken for
 * dead, or a quiet queue would look like a dead connection.
 */
export const MAX_BLOCK_MS = 5000;

/** A blocking read that is late by so much will not be answered any more, ms. */
const BLOCK_GRACE_MS = 3000;

type Options = Omit<RedisOptions, 'replyMapping'>;

/**
 * A Redis client that is never caught by a connection that carries nothing any more, nor by a server that is not the
 * master any more. ioredis has the time-outs; this adds what it leaves out:
 *
 * - A server that cannot be written to is left, and the name is looked up anew, until the master is there.
 * - A command whose caller was told that it failed is not sent when the connection is back.
 * - Copies are made for blocking reads, and wait for longer.
 */
export class BoundedClient extends Redis {
  /** The address without a password, for messages. */
  readonly address: string;
  /** What is wrong with the connection; undefined while all is well. */
  trouble: Error | undefined;
  server: ServerInfo = {};
  /** Whether this side has closed the connection, for good. */
  isLeft = false;

  /** @param url read by ioredis; undefined for a copy, whose options have it already. */
  constructor(url: string | undefined, options: Options, address: string) {
    super(url as string, options);
    this.address = address;
    this.on('error', (error: Error) => {
      this.trouble = error;
    });
    this.on('ready', () => {
      this.trouble = undefined;
    });
    this.#hearInfo();
    // ioredis asks its connector before it calls a connection ready; that of a single server says yes to all.
    const connector = Reflect.get(this, 'connector') as { check: (info: ServerInfo) => boolean };
    connector.check = (info) => {
      this.server = info;
      if (!isReadOnlyReplica(info)) return true;
      this.emit('error', new Error('READONLY this server is a replica'));
      return false;
    };
  }

  /**
   * INFO is asked by ioredis, with a callback, until the server has loaded its data: we learn what is waited for. BullMQ asks
   * each connection, and warns on standard error of its policy each time: we say that once, in a log line.
   */
  #hearInfo(): void {
    const info = this.info.bind(this) as (...args: unknown[]) => Promise<string>;
    const heard = (tell: (error: unknown, text: unknown) => void) => (error: unknown, text: unknown) => {
      if (/^loading:1/m.test(String(text))) this.trouble = new Error('LOADING this server loads its data');
      tell(error, text);
    };
    this.info = (async (...args: unknown[]) => {
      const [tell] = args;
      if (typeof tell === 'function') return await info(heard(tell as Parameters<typeof heard>[0]));
      const text = await info(...args);
      return args.length === 0 ? text.replace(/^maxmemory_policy:.*\r?\n/m, '') : text;
    }) as never;
  }

  override disconnect(reconnect = false): void {
    this.isLeft = !reconnect;
    super.disconnect(reconnect);
  }

  override sendCommand(command: Command, stream?: Parameters<Redis['sendCommand']>[1]): unknown {
    return command.isSettled ? command.promise : super.sendCommand(command, stream);
  }

  override handleReconnection(error: Error, item: Parameters<Redis['handleReconnection']>[1]): void {
    if (isDemotion(error)) this.trouble = error;
    super.handleReconnection(error, item);
  }

  /** BullMQ copies a client for its blocking reads. */
  override duplicate(override?: Partial<Options>): never {
    const { replyMapping: _asItIs, ...own } = this.options;
    const options = { ...own, socketTimeout: MAX_BLOCK_MS + BLOCK_GRACE_MS, ...override };
    return new BoundedClient(undefined, options, this.address) as never;
  }
}

/** Some servers call themselves a replica and take writes all the same. */
function isReadOnlyReplica({ role, slave_read_only }: ServerInfo): boolean {
  return role === 'slave' && slave_read_only !== '0';
}

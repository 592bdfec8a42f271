import { type Connection, type ConnectionOptions, openConnection, type Target } from './connection.ts';

/**
 * The connections of this process, one for each session at most. A connection that no job uses
 * waits here for the next message of its session, and is closed when none comes.
 *
 * The lease of a session (sessions.ts) keeps two jobs from one connection. A connection that is
 * taken is not in the pool.
 */
export interface Pool {
  /**
   * The open connection of a session, or a new one.
   * @param id names the session. The token and the address must be those of `target` as well.
   * @throws see `openConnection`
   */
  take(id: string, target: Target, signal: AbortSignal): Promise<Taken>;
  /** Keeps a connection for the next message. One that is no longer usable is closed. */
  give(id: string, connection: Connection): void;
  /** Closes all connections, also those that jobs use. The sessions of the guests go on. */
  close(): void;
}

export interface Taken {
  readonly connection: Connection;
  /** It was opened just now: what it says about the session is of this moment. */
  readonly isNew: boolean;
}

export interface PoolOptions extends Omit<ConnectionOptions, 'onClose'> {
  /** Most connections that wait for a message. The one that has waited longest is closed first. */
  readonly maxIdle: number;
  /** How long a connection waits for a message, ms. */
  readonly idleMs: number;
  /** Called for each new connection. */
  readonly onOpen: () => void;
  /** Called with the number of open connections when it changes. */
  readonly onCount: (open: number) => void;
}

interface Idle {
  readonly connection: Connection;
  readonly timer: NodeJS.Timeout;
}

export function createPool({ maxIdle, idleMs, onOpen, onCount, ...options }: PoolOptions): Pool {
  /** By session, the longest waiting first. */
  const idle = new Map<string, Idle>();
  const open = new Set<Connection>();

  function remove(id: string): Connection | undefined {
    const found = idle.get(id);
    if (!found) return undefined;
    clearTimeout(found.timer);
    idle.delete(id);
    return found.connection;
  }

  async function openNew(target: Target, signal: AbortSignal): Promise<Connection> {
    let connection: Connection | undefined;
    const onClose = () => {
      if (connection && open.delete(connection)) onCount(open.size);
    };
    connection = await openConnection(target, { ...options, onClose }, signal);
    onOpen();
    // It may have closed right behind its first answer.
    if (!connection.isUsable()) return connection;
    open.add(connection);
    onCount(open.size);
    return connection;
  }

  return {
    async take(id, target, signal) {
      const found = remove(id);
      if (found?.isUsable() && isSame(found.target, target)) return { connection: found, isNew: false };
      found?.close();
      return { connection: await openNew(target, signal), isNew: true };
    },
    give(id, connection) {
      remove(id)?.close();
      if (!connection.isUsable()) return connection.close();
      const timer = setTimeout(() => remove(id)?.close(), idleMs).unref();
      idle.set(id, { connection, timer });
      const [oldest] = idle.keys();
      if (idle.size > maxIdle && oldest !== undefined) remove(oldest)?.close();
    },
    close() {
      for (const id of [...idle.keys()]) remove(id);
      for (const connection of open) connection.close();
    },
  };
}

/** A change of the tenants file, or a new session of the conversation, needs another connection. */
function isSame(a: Target, b: Target): boolean {
  return (
    a.token === b.token &&
    a.url.href === b.url.href &&
    a.origin === b.origin &&
    a.requests.count === b.requests.count &&
    a.requests.windowMs === b.requests.windowMs
  );
}

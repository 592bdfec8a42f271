import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

/** A process of a benchmark. It works from its start until `stop`. */
export interface Child extends AsyncDisposable {
  readonly pid: number;
  /** The address on which it listens. Empty for a process without one. */
  readonly url: string;
  send(message: object): void;
  /** The next message that has the given field. */
  next<Message>(field: string): Promise<Message>;
  /** Sends SIGTERM, and SIGKILL after 10 s. */
  stop(): Promise<void>;
  /** Sends SIGKILL. Resolves when the process has ended. */
  kill(): Promise<void>;
}

export interface ChildOptions {
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** Options of Node, for example for a profile. */
  readonly nodeOptions?: readonly string[];
}

const READY_DEADLINE_MS = 120_000;
const STOP_DEADLINE_MS = 10_000;

/** The root of the project. */
const ROOT = fileURLToPath(new URL('..', import.meta.url));

/** Starts a file of the project, and waits for its message `{ready: true}`. */
export async function startChild(
  file: string,
  { args = [], env = {}, nodeOptions = [] }: ChildOptions = {},
): Promise<Child> {
  const child = fork(file, args, {
    cwd: ROOT,
    env: { ...process.env, ENV_FILE: '', ...env },
    execArgv: [...nodeOptions],
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  const output = keepLastOutput(child);
  const ended = once(child, 'exit').then(() => {
    throw new Error(`${file} ended. Its output:\n${output()}`);
  });
  ended.catch(() => {});
  const next = async <Message>(field: string): Promise<Message> =>
    await Promise.race([nextMessage<Message>(child, field), ended]);

  const { url = '' } = await withDeadline(next<{ url?: string }>('ready'), `${file} was not ready in time`);
  const stop = async () => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.kill('SIGTERM');
    const timer = setTimeout(() => child.kill('SIGKILL'), STOP_DEADLINE_MS);
    await ended.catch(() => {});
    clearTimeout(timer);
  };
  return {
    pid: child.pid ?? 0,
    url,
    send: (message) => void child.send(message),
    next,
    stop,
    async kill() {
      child.kill('SIGKILL');
      await ended.catch(() => {});
    },
    [Symbol.asyncDispose]: stop,
  };
}

function nextMessage<Message>(child: ChildProcess, field: string): Promise<Message> {
  return new Promise((resolve) => {
    const listen = (message: unknown) => {
      if (typeof message !== 'object' || message === null || !(field in message)) return;
      child.off('message', listen);
      resolve(message as Message);
    };
    child.on('message', listen);
  });
}

async function withDeadline<T>(promise: Promise<T>, complaint: string): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(complaint)), READY_DEADLINE_MS);
  });
  return await Promise.race([promise, late]).finally(() => clearTimeout(timer));
}

function keepLastOutput(child: ChildProcess): () => string {
  let kept = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (text: string) => {
      kept = (kept + text).slice(-4000);
    });
  }
  return () => kept.trim();
}

import { execFile } from 'node:child_process';
import { cpus, loadavg, totalmem } from 'node:os';
import { promisify } from 'node:util';

/** The machine and the versions, in one line. The figures depend on them. */
export async function describeMachine(): Promise<string> {
  const [first] = cpus();
  const gigabytes = Math.round(totalmem() / 2 ** 30);
  const load = loadavg()[0]?.toFixed(2);
  return [
    `${cpus().length} cores (${first?.model.trim() ?? 'unknown'})`,
    `${gigabytes} GB`,
    `${process.platform} ${process.arch}`,
    `Node ${process.versions.node}`,
    await redisVersion(),
    `load ${load}`,
  ].join(', ');
}

async function redisVersion(): Promise<string> {
  for (const command of ['redis-server', 'valkey-server']) {
    const run = await promisify(execFile)(command, ['--version']).catch(() => undefined);
    const version = run && /v=([\d.]+)/.exec(run.stdout)?.[1];
    if (version) return `${command.replace('-server', '')} ${version}`;
  }
  return 'redis in Docker';
}

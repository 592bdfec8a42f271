import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import type { RedisClient } from '../src/redis/connect.ts';

/** Linux counts processor time in this unit, on every machine on which Node runs. */
const TICKS_PER_SECOND = 100;

/** Processor time of a process since its start, in µs. Its step is 10 ms: measure over seconds. */
export function processorTimeUs(pid: number): number {
  if (process.platform !== 'linux') return timeByPs(pid);
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  // The name in brackets may hold any character. Field 3, the state, follows it.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const [user, system] = [Number(fields[11]), Number(fields[12])];
  return ((user + system) * 1_000_000) / TICKS_PER_SECOND;
}

/** The resident memory of a process, in bytes. */
export function residentBytes(pid: number): number {
  const kilobytes =
    process.platform === 'linux'
      ? /^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]
      : execFileSync('ps', ['-o', 'rss=', '-p', String(pid)], { encoding: 'utf8' });
  return Number(kilobytes) * 1024;
}

/** Processor time of Redis, and its commands. Commands of scripts count as well. */
export interface RedisUse {
  readonly timeUs: number;
  readonly commands: number;
}

export async function redisUse(client: RedisClient): Promise<RedisUse> {
  const text = await client.info('cpu', 'commandstats');
  const seconds = ['used_cpu_user', 'used_cpu_sys'].map((name) =>
    Number(new RegExp(`^${name}:([\\d.]+)`, 'm').exec(text)?.[1] ?? Number.NaN),
  );
  const calls = [...text.matchAll(/^cmdstat_[^:]+:calls=(\d+)/gm)].map(([, count]) => Number(count));
  return {
    timeUs: seconds.reduce((sum, each) => sum + each, 0) * 1_000_000,
    commands: calls.reduce((sum, each) => sum + each, 0),
  };
}

/** Calls and time of each command since the last RESETSTAT. A script has the time of its commands too. */
export async function commandUse(client: RedisClient): Promise<ReadonlyMap<string, RedisCommand>> {
  const text = await client.info('commandstats');
  const rows = text.matchAll(/^cmdstat_([^:]+):calls=(\d+),usec=(\d+)/gm);
  return new Map(
    [...rows].map(([, name = '', calls, usec]) => [name, { calls: Number(calls), timeUs: Number(usec) }]),
  );
}

export interface RedisCommand {
  readonly calls: number;
  readonly timeUs: number;
}

/** Parses `[[dd-]hh:]mm:ss[.cc]`, the format of ps. */
function timeByPs(pid: number): number {
  const text = execFileSync('ps', ['-o', 'time=', '-p', String(pid)], { encoding: 'utf8' }).trim();
  const seconds = text
    .replace('-', ':')
    .split(':')
    .reduce((sum, part) => sum * 60 + Number(part), 0);
  return seconds * 1_000_000;
}

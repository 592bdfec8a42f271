import { isRecord, parseJson } from '../core/json.ts';
import type { RedisClient } from './connect.ts';
import type { Keys } from './keys.ts';
import { type Home, type LayoutState, partitionsOf } from './layout.ts';
import { loadScript, type Script } from './script.ts';

/** The fields of the layout in the hash of the installation. */
export const LAYOUT_FIELDS = {
  modulus: 'partitions',
  version: 'layout',
  raising: 'raising',
  own: 'own',
} as const;

/** Reads the layout. Undefined when Redis has none: no process has written it, or Redis lost it. */
export async function readLayout(client: RedisClient, keys: Keys): Promise<LayoutState | undefined> {
  const replies = await client.multi().hgetall(keys.installation()).hgetall(keys.homes()).exec();
  for (const [error] of replies ?? []) if (error) throw error;
  const [[, stored] = [], [, homes] = []] = replies ?? [];
  return layoutIn(stored as Readonly<Record<string, string>>, homes as Readonly<Record<string, string>>);
}

/** Reads the layout, and gives it to this process. */
export async function renewLayout(client: RedisClient, keys: Keys): Promise<void> {
  const state = await readLayout(client, keys);
  if (state) keys.layout.replace(state);
}

/**
 * Writes the layout of this process to a Redis that has lost it. Its tenants may have data in the
 * partitions of other masters, which have not lost it.
 */
export async function restoreLayout(client: RedisClient, keys: Keys): Promise<void> {
  const { version, raising, own, homes } = keys.layout.state;
  if (version === 0) return;
  const fields = { [LAYOUT_FIELDS.version]: version + 1, [LAYOUT_FIELDS.own]: own };
  const transaction = client.multi();
  transaction.hset(keys.installation(), raising === undefined ? fields : { ...fields, raising });
  for (const [tenantId, home] of homes) transaction.hsetnx(keys.homes(), tenantId, textOf(home));
  for (const [error] of (await transaction.exec()) ?? []) if (error) throw error;
}

/** The version of the layout in Redis; undefined when Redis has no layout. */
export async function layoutVersion(client: RedisClient, keys: Keys): Promise<number | undefined> {
  const [modulus, version] = await client.hmget(
    keys.installation(),
    LAYOUT_FIELDS.modulus,
    LAYOUT_FIELDS.version,
  );
  return modulus === null ? undefined : Number(version ?? 0);
}

/** Changes the layout in Redis. Each change is one script, and gives the layout its next version. */
export interface LayoutChanges {
  /**
   * Replaces what the layout says of a tenant, unless another process did so since `before` was read.
   * @returns whether it did.
   */
  replace(tenantId: string, before: Home | undefined, after: Home | undefined): Promise<boolean>;
  /** Keeps a tenant where it is while the number is raised. @returns false when no raise is under way. */
  pin(tenantId: string, at: number): Promise<boolean>;
  /** From now on new tenants are pinned. @returns whether `modulus` was still the number. */
  beginRaise(modulus: number, to: number): Promise<boolean>;
  /** Sets the number. @returns whether the raise to it was under way. */
  endRaise(to: number): Promise<boolean>;
  /** Makes a partition for a single tenant. @returns their number. */
  addOwn(): Promise<number>;
  /** No partition takes jobs that come with a layout of an earlier version. */
  fence(partition: number, version: number): Promise<void>;
}

export function createLayoutChanges(client: RedisClient, keys: Keys): LayoutChanges {
  const change = loadScript(client, fileOf('change-layout'), []);
  const fence = loadScript(client, fileOf('fence-layout'), []);
  const prefix = keys.ownOf(0);
  const run = async (script: Script, args: readonly (string | number)[]) =>
    Number(await script.run(prefix, [prefix, ...args]));
  return {
    replace: async (tenantId, before, after) =>
      (await run(change, ['home', tenantId, textOf(before), textOf(after)])) === 1,
    pin: async (tenantId, at) => (await run(change, ['pin', tenantId, textOf({ at, pinned: true })])) === 1,
    beginRaise: async (modulus, to) => (await run(change, ['raise', modulus, to])) === 1,
    endRaise: async (to) => (await run(change, ['raised', to])) === 1,
    addOwn: () => run(change, ['own']),
    async fence(partition, version) {
      const own = keys.ownOf(partition);
      await fence.run(own, [own, version]);
    },
  };
}

/** One text for one home: a script compares it with the stored one. */
function textOf(home: Home | undefined): string {
  return home ? JSON.stringify(home) : '';
}

function layoutIn(
  stored: Readonly<Record<string, string>>,
  homes: Readonly<Record<string, string>>,
): LayoutState | undefined {
  const modulus = stored[LAYOUT_FIELDS.modulus];
  if (modulus === undefined) return undefined;
  const raising = stored[LAYOUT_FIELDS.raising];
  const state = {
    modulus: Number(modulus),
    version: Number(stored[LAYOUT_FIELDS.version] ?? 0),
    raising: raising === undefined ? undefined : Number(raising),
    own: Number(stored[LAYOUT_FIELDS.own] ?? 0),
  };
  const all = partitionsOf(state);
  return {
    ...state,
    homes: new Map(Object.entries(homes).flatMap(([tenantId, text]) => entryOf(tenantId, text, all))),
  };
}

/** Another program may have written a home that is none, or in a partition that does not exist. */
function entryOf(tenantId: string, text: string, partitions: readonly number[]): [string, Home][] {
  const home = parseJson(text);
  const isHome = isRecord(home) && partitions.includes(Number(home['at']));
  return isHome ? [[tenantId, home as unknown as Home]] : [];
}

function fileOf(name: string): URL {
  return new URL(`./${name}.lua`, import.meta.url);
}

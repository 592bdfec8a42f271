import { JOB_KINDS } from '../jobs/catalog.ts';
import { forgetKeys, rewrapNames, sealingKeyIds } from '../redis/claim-seal.ts';
import type { RedisClient } from '../redis/connect.ts';
import type { Keys } from '../redis/keys.ts';
import { redisTimeMs } from '../redis/redis-time.ts';
import { scanKeys } from '../redis/scan.ts';
import { loadScript } from '../redis/script.ts';
import { createResealing, type Resealing } from './reseal.ts';

/** How far values are sealed with the first key of PAYLOAD_KEYS. */
export interface Rewrapping {
  /** Keys of Redis that were looked at. */
  readonly seen: number;
  /** Values that were sealed again. */
  readonly rewrapped: number;
  /** Values that another key still seals, by its id: audit records on their way, and values that changed meanwhile. */
  readonly left: Readonly<Record<string, number>>;
}

type Form = 'hash' | 'list' | 'string';

/**
 * Seals every value again that another key has sealed. Workers may run: a value that they change
 * meanwhile stays theirs. A second call goes on where one broke off, because it leaves out what the
 * first key has sealed already. Without values of an old key, the installation forgets that key.
 */
export async function rewrap(
  { client, keys }: { readonly client: RedisClient; readonly keys: Keys },
  onProgress: (progress: Rewrapping) => void = () => {},
): Promise<Rewrapping> {
  const script = loadScript(client, new URL('./rewrap.lua', import.meta.url), []);
  const resealing = createResealing(keys.seal);
  const startedMs = await redisTimeMs(client);
  const left = new Map<string, number>();
  let [seen, rewrapped] = [0, 0];
  const progress = (): Rewrapping => ({ seen, rewrapped, left: Object.fromEntries(left) });
  const leave = (keyId: string) => void left.set(keyId, (left.get(keyId) ?? 0) + 1);

  async function replace(form: Form, key: string, place: string | number, old: string, reseal: Resealing) {
    const resealed = reseal(old);
    if (!resealed) return;
    const isDone = (await script.run(key, [form, key, place, old, resealed.text])) === 1;
    if (isDone) rewrapped++;
    else leave(resealed.before);
  }

  async function rewrapKey(key: string, name: string): Promise<void> {
    const [, kind = '', rest = ''] = KIND_KEY.exec(name) ?? [];
    const [, damaged] = /^damaged:[\w-]+:(.+)$/.exec(name) ?? [];
    const [, ledgerId] = /^ledger:.(.+)$/.exec(name) ?? [];
    const [, endpointId] = /^endpoint:([^:]+)$/.exec(name) ?? [];
    const [, callbackId] = /^attempts:(.+)$/.exec(name) ?? [];
    const [, childrenOf] = /^(.+):(?:processed|failed)$/.exec(rest) ?? [];
    if (name === 'audit') return await countAudit(key);
    if (kind !== '' && rest === 'events') return void (await client.xtrim(key, 'MINID', String(startedMs)));
    const type = await client.type(key);
    if (type === 'string' && ledgerId !== undefined) {
      return await replace('string', key, '', (await client.get(key)) ?? '', resealing.ledger(ledgerId));
    }
    if (type === 'list' && callbackId !== undefined) {
      const attempts = await client.lrange(key, 0, -1);
      for (const [place, attempt] of attempts.entries()) {
        await replace('list', key, place, attempt, resealing.attempt(callbackId));
      }
    }
    const jobId = damaged ?? (kind === '' ? undefined : rest);
    if (type !== 'hash' || (jobId === undefined && endpointId === undefined)) return;
    for (const [field, value] of Object.entries(await client.hgetall(key))) {
      const reseal =
        endpointId !== undefined
          ? resealing.endpoint(endpointId, field)
          : childrenOf !== undefined
            ? resealing.child(field, rest.endsWith(':failed'))
            : resealing.job(jobId ?? '', field);
      if (reseal) await replace('hash', key, field, value, reseal);
    }
  }

  /** The relay takes these entries away within seconds, and no program can change an entry of a stream. */
  async function countAudit(key: string): Promise<void> {
    for (const [, fields] of await client.xrange(key, '-', '+')) {
      const keyId = resealing.foreignKeyIn(fields.at(-1) ?? '');
      if (keyId !== undefined) leave(keyId);
    }
  }

  for (const partition of keys.partitions()) {
    const own = keys.ownOf(partition);
    await scanKeys(client, { match: `${own}*` }, async (page) => {
      for (const key of page) {
        await rewrapKey(key, key.slice(own.length));
        seen++;
      }
      onProgress(progress());
    });
  }
  await rewrapNames(client, keys);
  const newest = keys.seal.keys[0]?.id;
  const done = (await sealingKeyIds(client, keys)).filter((id) => id !== newest && !left.has(id));
  await forgetKeys(client, keys, done);
  return progress();
}

/** A key of a queue of BullMQ: its kind, and the rest. */
const KIND_KEY = new RegExp(`^(${JOB_KINDS.join('|')}):(.+)$`);

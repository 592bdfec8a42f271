import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onEnd } from './lifetime.ts';

/** Files with a random key each, until the end of the test. */
export async function keyFiles<const Id extends string>(...ids: readonly Id[]): Promise<Record<Id, string>> {
  const folder = await mkdtemp(join(tmpdir(), 'gwm-keys-'));
  onEnd(() => rm(folder, { recursive: true, force: true }));
  const files = ids.map((id) => [id, join(folder, id)] as const);
  for (const [, file] of files) await writeFile(file, `${randomBytes(32).toString('base64')}\n`);
  return Object.fromEntries(files) as Record<Id, string>;
}

/** PAYLOAD_KEYS with these keys, the one that seals first. */
export function payloadKeysOf(files: Readonly<Record<string, string>>, ...ids: readonly string[]): string {
  return ids.map((id) => `${id}=file:${files[id]}`).join(',');
}

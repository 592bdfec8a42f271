import { z } from 'zod';
import { checked } from '../core/checked.ts';
import { OperatorError } from '../core/errors.ts';
import { describeIssue } from '../core/issues.ts';
import { parseJson } from '../core/json.ts';
import { listOf } from '../core/shapes.ts';
import { type ApiKey, type KeySpec, keyFields } from './api-key.ts';
import { MAX_SECRETS } from './digest.ts';

/** An API key as Redis has it, as JSON. It has digests of secrets, and never a secret. */
const storedKeySchema = z.strictObject({
  ...keyFields,
  createdAt: z.iso.datetime(),
  expiresAt: z.iso.datetime().nullable(),
  /** The current secret, then former ones that still work, each until its moment. */
  secrets: listOf(
    z.strictObject({
      digest: z.string().regex(/^[0-9a-f]{64}$/),
      until: z.iso.datetime().nullable(),
    }),
    { min: 1, max: MAX_SECRETS },
  ),
});

export type StoredKey = z.output<typeof storedKeySchema>;

/** The key in a text of Redis; undefined when another program changed it. */
export function storedKeyOf(text: string): StoredKey | undefined {
  const parsed = checked(storedKeySchema, parseJson(text));
  return parsed.ok ? parsed.data : undefined;
}

/** What of a key is shown: all but its digests. */
export function apiKeyOf(id: string, stored: StoredKey, lastUsedMs: number | null): ApiKey {
  const { name, tenants, scopes, createdAt, expiresAt } = stored;
  const lastUsedAt = lastUsedMs === null ? null : timeOf(lastUsedMs);
  return { id, name, tenants, scopes, createdAt, expiresAt, lastUsedAt };
}

/** @throws {OperatorError} naming every field that is wrong. */
export function newStoredKey(spec: KeySpec, digest: Buffer, nowMs: number): StoredKey {
  const parsed = checked(z.strictObject({ ...keyFields, expiresAt: expiry(nowMs) }), {
    ...spec,
    expiresAt: spec.expiresAt ?? null,
  });
  if (!parsed.ok) {
    const issues = parsed.issues.map((issue) => `  ${describeIssue(issue)}`);
    throw new OperatorError(['This key cannot be made:', ...issues].join('\n'), 'usage');
  }
  const { name, tenants, scopes, expiresAt } = parsed.data;
  return {
    name,
    tenants: tenants === 'all' ? tenants : [...new Set(tenants)],
    scopes: [...new Set(scopes)],
    createdAt: timeOf(nowMs),
    expiresAt,
    secrets: [{ digest: digest.toString('hex'), until: null }],
  };
}

/**
 * The key with a new secret. Former secrets work until the overlap is over, or until their own
 * moment where that is earlier. Without an overlap they stop at once.
 * @throws {OperatorError} when too many secrets would work at the same time.
 */
export function rotated(stored: StoredKey, digest: Buffer, overlapMs: number, nowMs: number): StoredKey {
  const until = timeOf(nowMs + overlapMs);
  const former = stored.secrets
    .map((secret) => ({ ...secret, until: earlier(secret.until, until) }))
    .filter((secret) => !isOver(secret.until, nowMs));
  if (former.length >= MAX_SECRETS) {
    throw new OperatorError(
      `${MAX_SECRETS} secrets of this key work already. Wait until the overlap of one is over, or rotate with an overlap of 0s.`,
      'refused',
    );
  }
  return { ...stored, secrets: [{ digest: digest.toString('hex'), until: null }, ...former] };
}

/** Whether a moment has come; `null` never comes. */
export function isOver(until: string | null, nowMs: number): boolean {
  return until !== null && Date.parse(until) <= nowMs;
}

function earlier(one: string | null, other: string): string {
  return one !== null && Date.parse(one) < Date.parse(other) ? one : other;
}

function expiry(nowMs: number) {
  const wanted = 'expected a time in the future, in UTC, or null';
  return z.iso
    .datetime({ error: wanted })
    .refine((text) => !isOver(text, nowMs), wanted)
    .nullable();
}

function timeOf(ms: number): string {
  return new Date(ms).toISOString();
}

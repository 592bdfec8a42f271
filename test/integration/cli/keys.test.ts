import { hostname, userInfo } from 'node:os';
import { beforeAll, describe, expect, test } from 'vitest';
import { type ApiKeys, createApiKeys } from '../../../src/access/api-keys.ts';
import { keyIdOf } from '../../../src/access/secret.ts';
import { systemClock } from '../../../src/core/clock.ts';
import type { Finished } from '../../support/gwm.ts';
import { runCommand } from '../../support/gwm-command.ts';
import { openSystem, type System } from '../../support/system.ts';
import { textsOf } from '../access/stage.ts';

const [USAGE, NOT_FOUND, REFUSED] = [2, 3, 4];
const SECRET = 'gwm_live_SECRET';

let system: System;
let apiKeys: ApiKeys;
/** Everything that a command of this file printed. */
const printed: Finished[] = [];
const secrets: string[] = [];

beforeAll(async () => {
  system = await openSystem({ tenants: ['acme', 'globex'] });
  apiKeys = createApiKeys({ client: system.client, keys: system.keys, clock: systemClock });
});

async function gwm(...args: readonly string[]): Promise<Finished> {
  const finished = await runCommand(['keys', ...args], { env: system.environment });
  printed.push(finished);
  return finished;
}

function create(...more: readonly string[]): Promise<Finished> {
  return gwm('create', '--name', 'crm', '--tenants', 'acme', '--scopes', 'send', ...more);
}

/** What a command printed with `--json`. Its secret is kept, to look for it later. */
function parsed({ code, stdout }: Finished): Record<string, unknown> {
  expect(code).toBe(0);
  const value = JSON.parse(stdout) as Record<string, unknown>;
  if (typeof value['secret'] === 'string') secrets.push(value['secret']);
  return value;
}

/** The audit records on their way to the store, the newest last. */
async function recordsOf(action: string): Promise<Record<string, unknown>[]> {
  const entries = await system.client.xrange(system.keys.auditStream(0), '-', '+');
  const records = entries.map(([, [, text = '']]) => JSON.parse(text) as Record<string, unknown>);
  return records.filter((record) => record['action'] === action);
}

describe('gwm keys create', () => {
  test('prints the secret alone on standard output, once', async () => {
    const { code, stdout, stderr } = await create();
    secrets.push(stdout);

    expect(code).toBe(0);
    const id = keyIdOf(stdout);
    expect(stderr).toBe(`${id} is made. Keep the line above: it is the secret, and is not shown again.`);
    expect(await apiKeys.verify(stdout)).toMatchObject({
      id,
      name: 'crm',
      tenants: ['acme'],
      scopes: ['send'],
    });
    for (const listed of [await gwm('list'), await gwm('list', '--json')]) {
      expect(listed.stdout).toContain(id);
      expect(listed.stdout).not.toContain(stdout);
    }
  });

  test('makes keys for several tenants or all, with scopes and an expiry', async () => {
    const before = Date.now();
    const args = [
      '--name',
      'ops',
      '--tenants',
      'all',
      '--scopes',
      'read, operate',
      '--expires',
      '90d',
      '--json',
    ];

    const { secret, expiresAt, ...key } = parsed(await gwm('create', ...args));

    expect(key).toMatchObject({ name: 'ops', tenants: 'all', scopes: ['read', 'operate'], lastUsedAt: null });
    expect(Date.parse(String(expiresAt)) - before).toBeGreaterThan(89.9 * 86_400_000);
    expect(await apiKeys.verify(String(secret))).toMatchObject({ id: key['id'], expiresAt });
  });

  test.for<[message: RegExp, code: number, args: string[]]>([
    [/required option '--name <words>' not specified/, USAGE, ['--tenants', 'acme', '--scopes', 'send']],
    [
      /name: expected 1 to 100 printable characters, got a text of 0/,
      USAGE,
      ['--name', '', '--tenants', 'acme', '--scopes', 'send'],
    ],
    [
      /scopes\[1\]: expected one of "send"\|"read"\|"operate"\|"admin", got a text of 15/,
      USAGE,
      ['--name', 'crm', '--tenants', 'acme', '--scopes', `send,${SECRET}`],
    ],
    [
      /--tenants: wanted ids of tenants in TENANTS_FILE, or all alone, got a text of 15 characters, number 2 of 2/,
      NOT_FOUND,
      ['--name', 'crm', '--tenants', `acme,${SECRET}`, '--scopes', 'send'],
    ],
    [
      /--tenants: .* got a text of 3 characters, number 1 of 2/,
      NOT_FOUND,
      ['--name', 'crm', '--tenants', 'all,acme', '--scopes', 'send'],
    ],
    [
      /--expires <duration> is not valid\. It must be a duration such as/,
      USAGE,
      ['--name', 'crm', '--tenants', 'acme', '--scopes', 'send', '--expires', SECRET],
    ],
  ])('refuses: %s', async ([message, code, args]) => {
    const refused = await gwm('create', ...args);

    expect(refused).toMatchObject({ code, stdout: '', stderr: expect.stringMatching(message) });
    expect(refused.stderr).not.toMatch(/SECRET|globex|^\s+at /m);
  });
});

describe('gwm keys rotate', () => {
  test('prints a new secret; the old one works until the overlap is over', async () => {
    const { id, secret: old } = parsed(await create('--json'));

    const { secret, oldUntil, ...key } = parsed(await gwm('rotate', String(id), '--overlap', '1h', '--json'));

    expect(key).toMatchObject({ id, name: 'crm', scopes: ['send'] });
    expect(Date.parse(String(oldUntil))).toBeGreaterThan(Date.now());
    for (const each of [old, secret]) expect(await apiKeys.verify(String(each))).toMatchObject({ id });
    const { code, stdout, stderr } = await gwm('rotate', String(id), '--overlap', '0s');
    secrets.push(stdout);
    expect({ code, id: keyIdOf(stdout) }).toEqual({ code: 0, id });
    expect(stderr).toBe(`${id} has a new secret, the line above. Old secrets have ended.`);
  });

  test('refuses a key with too many secrets', async () => {
    const { id } = parsed(await create('--json'));
    for (let n = 0; n < 4; n++) await apiKeys.rotate(String(id), 3_600_000);

    const refused = await gwm('rotate', String(id));

    expect(refused).toMatchObject({ code: REFUSED, stdout: '' });
    expect(refused.stderr).toContain('5 secrets of this key work already.');
  });
});

describe('gwm keys revoke', () => {
  test('ends a key', async () => {
    const { id, secret } = parsed(await create('--json'));

    const { code, stdout } = await gwm('revoke', String(id));

    expect({ code, stdout }).toEqual({
      code: 0,
      stdout: `${id} is revoked; every process refuses it within 2s`,
    });
    expect(await apiKeys.verify(String(secret))).toBeUndefined();
    expect(await gwm('revoke', String(id), '--json')).toMatchObject({ code: NOT_FOUND, stdout: '' });
  });

  test('does not take a secret for an id, and does not repeat it', async () => {
    for (const act of ['revoke', 'rotate']) {
      const refused = await gwm(act, SECRET);
      expect(refused).toMatchObject({ code: NOT_FOUND, stdout: '' });
      expect(refused.stderr).toBe('There is no such API key; gwm keys list shows them.');
    }
  });
});

describe('the audit records of acts on keys', () => {
  test('say who did what to which key, and when', async () => {
    const before = Date.now();
    const who = { by: `cli:${userInfo().username}`, host: hostname() };
    const args = ['--name', 'two', '--tenants', 'acme,globex', '--scopes', 'send', '--json'];
    const { id } = parsed(await gwm('create', ...args));
    parsed(await gwm('rotate', String(id), '--overlap', '1h', '--json'));
    parsed(await gwm('revoke', String(id), '--json'));
    const all = parsed(await gwm('create', '--name', 'a', '--tenants', 'all', '--scopes', 'admin', '--json'));

    const created = (await recordsOf('key.created')).slice(-3);
    expect(created).toEqual([
      ...['acme', 'globex'].map((tenantId) => ({
        tenantId,
        id: expect.stringMatching(/^act-/),
        source: 'operator',
        occurredAt: expect.any(String),
        action: 'key.created',
        status: 'done',
        details: { ...who, subject: id, scopes: ['send'], expiresAt: null },
      })),
      expect.objectContaining({
        tenantId: '_installation',
        details: { ...who, subject: all['id'], scopes: ['admin'], expiresAt: null },
      }),
    ]);
    expect(Date.parse(String(created[0]?.['occurredAt']))).toBeGreaterThan(before - 60_000);
    for (const [action, details] of [
      ['key.rotated', { overlapMs: 3_600_000 }],
      ['key.revoked', {}],
    ] as const) {
      const records = (await recordsOf(action)).slice(-2);
      expect(records.map(({ tenantId, details }) => ({ tenantId, details }))).toEqual(
        ['acme', 'globex'].map((tenantId) => ({ tenantId, details: { ...who, subject: id, ...details } })),
      );
    }
  });
});

test('no secret is in Redis, and each is printed once', async () => {
  const texts = await textsOf(system.client, system.redis.prefix);

  expect(secrets.length).toBeGreaterThan(8);
  expect(texts.join('\n')).toContain(keyIdOf(secrets.at(-1) ?? ''));
  for (const secret of secrets) {
    const random = secret.slice('gwm_live_'.length + 11, -6);
    expect(texts.filter((text) => text.includes(random))).toEqual([]);
    const prints = printed.flatMap(({ stdout, stderr }) => `${stdout}\n${stderr}`.split(random).slice(1));
    expect(prints).toHaveLength(1);
  }
});

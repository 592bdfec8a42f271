import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { describeKept } from '../../../../src/cli/demo/kept.ts';

const KEPT = {
  redisUrl: 'redis://127.0.0.1:6400',
  queuePrefix: 'demo-1',
  tenantsFile: "/tmp/it's here/tenants.json",
  auditDatabaseUrl: 'sqlite:/tmp/a b/audit.db',
  api: { url: 'http://127.0.0.1:3000', key: 'gwm_live_abc' },
  tenantId: 'acme',
  isOwnRedis: true,
  partitions: undefined,
};

test('a kept demo prints commands for the shell', () => {
  const said = describeKept(KEPT, ['/usr/bin/node', '/a b/main.ts']);

  expect(said).toContain('Everything is still running, the board at http://127.0.0.1:3000/board');
  const exports = said.split('\n').filter((line) => line.startsWith('export '));
  const shown = execFileSync('sh', ['-c', `${exports.join('\n')}\nenv`], { env: {} }).toString();
  expect(shown).toContain(`TENANTS_FILE=${KEPT.tenantsFile}\n`);
  expect(shown).toContain(`AUDIT_DATABASE_URL=${KEPT.auditDatabaseUrl}\n`);
  expect(shown).toContain('REDIS_URL=redis://127.0.0.1:6400\n');
  expect(shown).toContain('GWM_URL=http://127.0.0.1:3000\n');
  expect(shown).toContain('GWM_KEY=gwm_live_abc\n');
  expect(said).toContain("/usr/bin/node '/a b/main.ts' status");
});

test('a kept demo prints a line of curl that sends a message', () => {
  const said = describeKept(KEPT, ['gwm']);

  const [line] = said.split('\n').filter((each) => each.startsWith('curl '));
  const printed = execFileSync('sh', ['-c', `curl() { printf '%s\\n' "$@"; }\n${line}`], { env: {} });
  const [address, ...options] = printed.toString().split('\n');
  expect(address).toBe('http://127.0.0.1:3000/v1/messages');
  expect(options).toContain('Authorization: Bearer gwm_live_abc');
  expect(JSON.parse(options[options.indexOf('-d') + 1] ?? '')).toMatchObject({ tenantId: 'acme' });
  expect(said).toContain('API  http://127.0.0.1:3000/v1, and a page to try it at http://127.0.0.1:3000/docs');
  expect(said).toContain('Key  gwm_live_abc');
});

test('the demo does not print the address of REDIS_URL, which may have a password', () => {
  const redisUrl = 'redis://:SECRET@redis.example';
  const said = describeKept({ ...KEPT, redisUrl, isOwnRedis: false, partitions: '4' }, ['gwm']);

  expect(said).not.toContain('SECRET');
  expect(said).toContain('# and REDIS_URL as in this terminal');
  expect(said).toContain('export PARTITIONS=4');
});

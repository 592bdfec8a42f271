import { Command } from 'commander';
import type { ApiKey, Scope } from '../../access/api-key.ts';
import { CACHE_MS, type IssuedKey } from '../../access/api-keys.ts';
import { readEnvironment } from '../../config/environment.ts';
import { loadConfig } from '../../config/load.ts';
import { formatDuration } from '../../core/duration.ts';
import { OperatorError } from '../../core/errors.ts';
import type { Rewrapping } from '../../queues/rewrap.ts';
import { asOperator, type Operator } from '../operator.ts';
import { print, printJson, printTable, remark } from '../output.ts';
import { span, words } from '../values.ts';

interface Format {
  readonly json?: true;
}

const LONGEST_OVERLAP = '30d';
const LONGEST_LIFE = '3650d';

export function keysCommand(): Command {
  const keys = new Command('keys').description('make, list, rotate and revoke API keys');
  keys
    .command('create')
    .description('make a key; its secret is printed once, and stored as a hash')
    .requiredOption('--name <words>', 'what the key is for, as list shows it')
    .requiredOption('--tenants <ids>', 'tenants separated by commas, or all', words)
    .requiredOption('--scopes <scopes>', 'send, read, operate, admin, separated by commas', words)
    .option('--expires <duration>', 'such as 90d; without it the key never expires', span('1m', LONGEST_LIFE))
    .option('--json', 'print the key and its secret as JSON')
    .action(create);
  keys
    .command('list')
    .description('list the keys, the newest first; no secret is shown')
    .option('--json', 'print one JSON object per line')
    .action(list);
  keys
    .command('rotate')
    .description('make a new secret for a key; the old one works until the overlap is over')
    .argument('<id>', 'id of a key, as list shows it')
    .option(
      '--overlap <duration>',
      'how long the old secret works, such as 24h; 0s ends it at once',
      span('0s', LONGEST_OVERLAP),
      24 * 3_600_000,
    )
    .option('--json', 'print the key and its new secret as JSON')
    .action(rotate);
  keys
    .command('revoke')
    .description('end a key; every process refuses it within seconds')
    .argument('<id>', 'id of a key, as list shows it')
    .option('--json', 'print the result as JSON')
    .action(revoke);
  keys
    .command('rewrap')
    .description('seal the values in Redis again with the first key of PAYLOAD_KEYS; workers may run')
    .option('--json', 'print the result as JSON')
    .action(rewrap);
  return keys;
}

/** A second call goes on where one broke off. */
async function rewrap({ json }: Format): Promise<void> {
  if (!loadConfig(readEnvironment()).payloadKeys) {
    throw new OperatorError('PAYLOAD_KEYS is not set, so there is nothing to seal.', 'settings');
  }
  let shownAtMs = performance.now();
  const onProgress = ({ seen, rewrapped }: Rewrapping) => {
    if (performance.now() - shownAtMs < PROGRESS_EVERY_MS) return;
    shownAtMs = performance.now();
    process.stderr.write(`${rewrapped} values sealed again, ${seen} keys of Redis seen\n`);
  };
  const { seen, rewrapped, left } = await asOperator(({ operations }) =>
    operations.rewrapValues({ onProgress }),
  );
  if (json) return printJson({ seen, rewrapped, left });
  print(`${rewrapped} values sealed again`);
  for (const [id, count] of Object.entries(left))
    print(`${count} values left of the key ${id}; run it again`);
}

const PROGRESS_EVERY_MS = 1000;

interface CreateOptions extends Format {
  readonly name: string;
  readonly tenants: readonly string[];
  readonly scopes: readonly string[];
  readonly expires?: number;
}

async function create(options: CreateOptions): Promise<void> {
  const { name, scopes, expires, json } = options;
  const issued = await asOperator(async (operator) => {
    const { operations, clock } = operator;
    return await operations.createKey({
      name,
      tenants: tenantsOf(operator, options.tenants),
      // The command may get any words here; the operation refuses those that are no scopes.
      scopes: scopes as readonly Scope[],
      expiresAt: expires === undefined ? null : new Date(clock.now() + expires).toISOString(),
    });
  });
  if (json) return printJson(shownIssue(issued));
  print(issued.secret);
  remark(`${issued.key.id} is made. Keep the line above: it is the secret, and is not shown again.`);
}

/** @throws {OperatorError} naming the place of a tenant that does not exist, and not the text given. */
function tenantsOf({ tenants }: Operator, given: readonly string[]): readonly string[] | 'all' {
  if (given.length === 1 && given[0] === 'all') {
    if (!tenants.has('all')) return 'all';
    throw new OperatorError('--tenants all is ambiguous: TENANTS_FILE has a tenant of this id.', 'usage');
  }
  const place = given.findIndex((tenantId) => !tenants.has(tenantId));
  if (place < 0) return given;
  const which = given.length === 1 ? '' : `, number ${place + 1} of ${given.length}`;
  const wanted = 'wanted ids of tenants in TENANTS_FILE, or all alone';
  const came = `got a text of ${given[place]?.length} characters${which}, that is no such id`;
  throw new OperatorError(`--tenants: ${wanted}, ${came}.`, 'not-found');
}

async function list({ json }: Format): Promise<void> {
  const { keys, nowMs } = await asOperator(async ({ apiKeys, clock }) => ({
    keys: await apiKeys.list(),
    nowMs: clock.now(),
  }));
  if (json) return keys.forEach(printJson);
  if (keys.length === 0) return print('there are no API keys');
  printTable(
    ['id', 'name', 'tenants', 'scopes', 'created', 'expires', 'last used'],
    keys.map((key) => [
      key.id,
      key.name,
      key.tenants === 'all' ? 'all' : key.tenants.join(', '),
      key.scopes.join(', '),
      key.createdAt,
      expiryOf(key, nowMs),
      key.lastUsedAt ?? 'never',
    ]),
  );
}

function expiryOf({ expiresAt }: ApiKey, nowMs: number): string {
  if (expiresAt === null) return 'never';
  return Date.parse(expiresAt) <= nowMs ? `${expiresAt}: expired` : expiresAt;
}

interface RotateOptions extends Format {
  readonly overlap: number;
}

async function rotate(id: string, { overlap: overlapMs, json }: RotateOptions): Promise<void> {
  const { issued, oldUntil } = await asOperator(async (operator) => {
    const issued = await operator.operations.rotateKey({ id, overlapMs });
    if (!issued) throw noKey();
    return { issued, oldUntil: new Date(operator.clock.now() + overlapMs).toISOString() };
  });
  if (json) return printJson({ ...shownIssue(issued), oldUntil });
  print(issued.secret);
  const old = overlapMs === 0 ? 'Old secrets have ended' : `Old secrets end by ${oldUntil}`;
  remark(`${issued.key.id} has a new secret, the line above. ${old}.`);
}

async function revoke(id: string, { json }: Format): Promise<void> {
  const isRevoked = await asOperator(({ operations }) => operations.revokeKey({ id }));
  if (!isRevoked) throw noKey();
  if (json) printJson({ id, revoked: true });
  else print(`${id} is revoked; every process refuses it within ${formatDuration(CACHE_MS)}`);
}

function shownIssue({ key, secret }: IssuedKey) {
  return { ...key, secret };
}

function noKey(): OperatorError {
  return new OperatorError('There is no such API key; gwm keys list shows them.', 'not-found');
}

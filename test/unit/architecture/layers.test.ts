import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { type CodeBase, parseModule, readCodeBase } from '../../support/import-graph.ts';
import { findViolations, placeOf, RANKS, RULES } from '../../support/layers.ts';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));

describe('our code', () => {
  const ours = readCodeBase(ROOT);

  test('keeps every rule', () => {
    expect(findViolations(ours)).toEqual([]);
  });

  test.for(Object.keys(RANKS).filter(holdsCode))('has modules in %s', (place) => {
    expect(ours.modules.filter(({ path }) => placeOf(path) === place)).not.toEqual([]);
  });
});

/** For each rule, files that break it. Each violation must be found, with these words. */
const BREACHES: Record<string, { files: Record<string, string>; found: RegExp }[]> = {
  'every folder has a rank': [
    { files: { 'src/utils/strings.ts': '' }, found: /^src\/utils\/strings.ts: src\/utils has no rank/ },
    { files: { 'src/lonely.ts': '' }, found: /^src\/lonely.ts: src\/lonely.ts has no rank/ },
  ],
  'imports go to a lower rank or stay in the folder': [
    {
      files: { 'src/core/ids.ts': "\nimport { lane } from '../flow/lane.ts';" },
      found:
        /^src\/core\/ids.ts:2 imports src\/flow\/lane.ts: src\/core \(rank 0\) may not import from src\/flow/,
    },
    breach(
      'src/content/a.ts',
      "import type { Setting } from '../config/schema.ts';",
      /src\/content .* src\/config/,
    ),
    breach('src/flow/a.ts', "export { send } from '../genesys/client.ts';", /src\/flow .* src\/genesys/),
    breach('src/queues/a.ts', "export * from '../runtime/app.ts';", /src\/queues .* src\/runtime/),
    breach('src/redis/a.ts', "const x = await import('../tenants/tenant.ts');", /src\/redis .* src\/tenants/),
    breach('src/core/a.ts', "type X = import('../config/load.ts').X;", /src\/core .* src\/config/),
    breach('src/http/a.ts', "import '../cli/main.ts';", /src\/http .* src\/cli/),
    breach('src/runtime/a.ts', "import '../index.ts';", /src\/runtime .* src\/index.ts/),
    breach('src/runtime/a.ts', "import '../../workers/card-delivery.ts';", /src\/runtime .* workers/),
    breach('src/http/a.ts', "import '../../workers/main.ts';", /src\/http .* workers\/main.ts/),
    breach('src/index.ts', "import '../workers/main.ts';", /src\/index.ts .* workers\/main.ts/),
    breach('src/cli/a.ts', "import '../../workers/card-delivery.ts';", /src\/cli .* workers/),
    breach('workers/card-delivery.ts', "import './main.ts';", /workers .* workers\/main.ts/),
    breach('workers/card-delivery.ts', "import '../src/http/server.ts';", /workers .* src\/http/),
    breach('workers/main.ts', "import '../src/cli/main.ts';", /workers\/main.ts .* src\/cli/),
  ],
  'the sandbox imports nothing of ours but two general tools of core': [
    breach('src/sandbox/guest.ts', "import '../genesys/oauth.ts';", /src\/sandbox may import only src\/core/),
    breach('src/sandbox/guest.ts', "import '../core/exact-json.ts';", /src\/sandbox may import only src/),
    breach('src/sandbox/a/b.ts', "import type { X } from '../../core/errors.ts';", /may import only src/),
  ],
  'no cycles': [
    {
      files: {
        'src/core/a.ts': "import './b.ts';",
        'src/core/b.ts': "import type { C } from './c.ts';",
        'src/core/c.ts': "export { a } from './a.ts';",
      },
      found: /^a cycle of imports: src\/core\/a.ts -> src\/core\/b.ts -> src\/core\/c.ts -> src\/core\/a.ts/,
    },
    { files: { 'src/core/a.ts': "import './a.ts';" }, found: /src\/core\/a.ts -> src\/core\/a.ts/ },
  ],
  'a package is imported by its owners only': [
    breach(
      'workers/card-delivery.ts',
      "import { Job } from 'bullmq';",
      /bullmq belongs to src\/queues, src\/runtime/,
    ),
    breach('src/flow/a.ts', "import type { Redis } from 'ioredis';", /ioredis belongs to src\/redis/),
    breach('src/flow/a.ts', "import x from 'ioredis/built/cluster';", /ioredis belongs to src\/redis/),
    breach('src/http/a.ts', "import ky from 'ky';", /ky belongs to src\/outbound/),
    breach('src/http/a.ts', "import { Agent } from 'undici';", /undici belongs to/),
    breach('src/runtime/a.ts', "import pino from 'pino';", /pino belongs to src\/observe/),
    breach('src/runtime/a.ts', "import x from 'prom-client';", /prom-client belongs to src\/observe/),
    breach('src/queues/a.ts', "import x from '@opentelemetry/api';", /belongs to src\/observe/),
    breach(
      'src/cli/a.ts',
      "import x from '@bull-board/api/bullMQAdapter';",
      /@bull-board\/api belongs to src\/http/,
    ),
    breach('src/cli/a.ts', "import fastify from 'fastify';", /fastify belongs to src\/http, src\/sandbox/),
    breach('src/cli/a.ts', "import x from '@fastify/basic-auth';", /belongs to src\/http, src\/sandbox/),
    breach('src/sandbox/a.ts', "import { Command } from 'commander';", /commander belongs to src\/cli/),
    breach('src/jobs/a.ts', "import { parse } from 'parse5';", /parse5 belongs to src\/content/),
    breach('src/runtime/a.ts', "import pg from 'pg';", /pg belongs to src\/audit/),
    breach(
      'src/cli/a.ts',
      "import { DatabaseSync } from 'node:sqlite';",
      /node:sqlite belongs to src\/audit/,
    ),
    breach('src/tenants/a.ts', "import { RE2JS } from 're2js';", /re2js belongs to src\/content/),
  ],
  'what runs in production is a production dependency': [
    breach('src/core/a.ts', "import { test } from 'vitest';", /vitest is not among the dependencies/),
  ],
  'core, jobs and content do no I/O': [
    breach('src/core/a.ts', "import { readFile } from 'node:fs/promises';", /src\/core does no I\/O/),
    breach(
      'src/jobs/a.ts',
      "import { connect } from 'net';",
      /src\/jobs does no I\/O, so nothing of node:net/,
    ),
    breach('src/content/a.ts', "const http = await import('node:http');", /src\/content does no I\/O/),
  ],
  'the control room loads only itself and its packages': [
    breach('src/control-room/a.ts', "import { z } from 'zod';", /imports zod: browsers load it/),
    breach(
      'src/control-room/a.ts',
      "import { words } from '../core/ids.ts';",
      /imports src\/core\/ids.ts: browsers/,
    ),
  ],
  'the client loads only itself and core': [
    breach(
      'src/client/client.ts',
      "import { readFile } from 'node:fs/promises';",
      /^src\/client\/client.ts:1 loads node:fs, so the client would load it/,
    ),
    breach('src/client/client.ts', "import { type Job } from '../jobs/catalog.ts';", /loads src\/jobs/),
    breach('src/client/client.ts', "const x = await import('zod');", /loads zod/),
    {
      files: {
        'src/client/client.ts': "import type { z } from 'zod';\nimport '../core/ids.ts';",
        'src/core/ids.ts': "export { randomUUID } from 'node:crypto';",
      },
      found: /^src\/core\/ids.ts:1 loads node:crypto/,
    },
  ],
  'only config reads the environment': [
    {
      files: { 'src/redis/a.ts': '// process.env in a comment is fine\nconst url = process.env.REDIS_URL;' },
      found: /^src\/redis\/a.ts:2 reads the environment; only src\/config may/,
    },
    breach('src/redis/a.ts', "const url = process['env'].X;", /reads the environment/),
    breach('src/redis/a.ts', 'const { env } = process;', /reads the environment/),
    breach('workers/main.ts', "import { env } from 'node:process';", /reads the environment/),
  ],
  'no barrels': [
    { files: { 'src/core/index.ts': '' }, found: /^src\/core\/index.ts: import the files themselves/ },
  ],
  'every import can be followed': [breach('src/core/a.ts', 'await import(name);', /cannot be checked/)],
  'no file over 400 lines': [
    { files: { 'src/core/a.ts': 'const a = 1;\n'.repeat(401) }, found: /^src\/core\/a.ts has 401 lines/ },
  ],
};

describe('a broken rule', () => {
  test('is planted for every rule', () => {
    expect(Object.keys(BREACHES)).toEqual(RULES.map(({ name }) => name));
  });

  const cases = Object.entries(BREACHES).flatMap(([rule, breaches]) =>
    breaches.map((planted) => ({ rule, planted, source: JSON.stringify(planted.files).slice(0, 100) })),
  );
  test.for(cases)('is reported: $rule, $source', ({ rule, planted }) => {
    const violations = findViolations(codeBase(planted.files)).filter((sentence) =>
      sentence.endsWith(`  [${rule}]`),
    );

    expect(violations).toEqual([expect.stringMatching(planted.found)]);
  });
});

test('allowed imports break no rule', () => {
  const allowed = codeBase({
    'src/core/ids.ts': `import { randomUUID } from 'node:crypto';\n// process.env, 'bullmq'\n${'x;\n'.repeat(398)}`,
    'src/config/load.ts':
      "import './schema.ts';\nimport { readFileSync } from 'node:fs';\nexport const e = process.env;",
    'src/redis/connect.ts': "import { Redis } from 'ioredis';\nimport type { Id } from '../core/ids.ts';",
    'src/runtime/consume.ts': "import { Worker } from 'bullmq';\nimport '../flow/flow.ts';",
    'src/http/board.ts': "import x from '@bull-board/fastify';\nimport fastify from 'fastify';",
    'src/sandbox/server.ts':
      "import fastify from 'fastify';\nimport '../core/utf8.ts';\nimport './input/problems.ts';",
    'src/cli/main.ts':
      "import '../http/server.ts';\nimport '../sandbox/server.ts';\nimport '../../workers/main.ts';",
    'src/client/client.ts':
      "import type { z } from 'zod';\nexport type * from '../http/board.ts';\nimport './send.ts';",
    'src/client/send.ts': 'export const x = 1;',
    'src/index.ts': "export { x } from './queues/producer.ts';\nexport { y } from './sandbox/server.ts';",
    'workers/main.ts': "import './card-delivery.ts';\nimport '../src/runtime/app.ts';",
    'workers/card-delivery.ts': "import '../src/genesys/client.ts';\nimport '../src/jobs/card-delivery.ts';",
  });

  expect(findViolations(allowed)).toEqual([]);
});

test('a file that does not parse causes an error', () => {
  expect(() => parseModule('src/core/a.ts', 'import {')).toThrow('src/core/a.ts does not parse');
});

/** Checks the file system itself. A reader that finds nothing would else pass the test. */
function holdsCode(place: string): boolean {
  const path = join(ROOT, place);
  if (place.endsWith('.ts') || !existsSync(path)) return existsSync(path);
  return readdirSync(path, { recursive: true, encoding: 'utf8' }).some((file) => file.endsWith('.ts'));
}

function breach(path: string, source: string, found: RegExp) {
  return { files: { [path]: source }, found };
}

function codeBase(files: Record<string, string>): CodeBase {
  return {
    modules: Object.entries(files).map(([path, source]) => parseModule(path, source)),
    dependencies: [
      'bullmq',
      'ioredis',
      'ky',
      'undici',
      'pino',
      'fastify',
      'commander',
      '@bull-board/fastify',
      'parse5',
      're2js',
      'postgres',
      'zod',
    ],
  };
}

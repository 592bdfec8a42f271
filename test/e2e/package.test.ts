import { execFile } from 'node:child_process';
import { access, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, test } from 'vitest';
import { onEnd } from '../support/lifetime.ts';
import { createPackageProject, NODES, type PackageProject } from '../support/package-project.ts';
import { startServe } from '../support/serve.ts';
import { openSystem } from '../support/system.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const run = promisify(execFile);
/** To build the package or to compile with all its types takes a minute on a loaded machine. */
const PATIENCE_MS = 600_000;

/** The folder of the unpacked tarball, as npm installs it. */
let folder: string;
let installed: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gwm-package-'));
  onEnd(() => rm(folder, { recursive: true, force: true }));
  const { stdout } = await run('npm', ['pack', '--json', '--pack-destination', folder], { cwd: ROOT });
  const [{ filename }] = JSON.parse(stdout.slice(stdout.indexOf('['))) as [{ filename: string }];
  await run('tar', ['-xzf', join(folder, filename), '-C', folder]);
  installed = join(folder, 'package');
  await symlink(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
}, PATIENCE_MS);

describe('the package', () => {
  test('has every file to which its documents link', async () => {
    const pages = (await readdir(join(installed, 'docs'))).filter((name) => name.endsWith('.md'));
    const documents = [
      'README.md',
      'SECURITY.md',
      'examples/README.md',
      ...pages.map((page) => `docs/${page}`),
    ];
    const missing = (await Promise.all(documents.map(missingLinksOf))).flat();

    expect(missing).toEqual([]);
  });

  test('runs gwm, with the examples of the demo', async () => {
    const { stdout } = await gwm(['demo', '--help']);
    const [, examples = ''] = /\(default:\s*"([^"]+)"\)/.exec(stdout.replaceAll(/\n\s*/g, '')) ?? [];
    await access(examples);
    expect(examples.startsWith(installed)).toBe(true);
    for (const name of ['cards', 'embeds', 'rollouts', 'audit-sync']) {
      await access(join(dirname(examples), `${name}.ndjson`));
    }
  });

  test('says on an older Node that gwm needs a newer one', async () => {
    const start = join(installed, 'dist/src/cli/start.js');
    const failed: unknown = await run(NODES[22], [start, 'serve']).catch((error: unknown) => error);

    expect(failed).toMatchObject({
      code: 78,
      stderr: expect.stringMatching(/^gwm needs Node 24 or newer, and this is 22\..*\n$/),
    });
  });

  test('has a producer that loads no board, no server and no client of Genesys Cloud', async () => {
    const loaded = await packagesLoadedBy("await import('genesys-webmessaging-worker/producer');");

    expect(loaded).toContain('bullmq');
    const heavy =
      /^(fastify|@fastify\/.*|@bull-board\/.*|@opentelemetry\/.*|prom-client|pino|commander|undici|ky|pg)$/;
    expect(loaded.filter((name) => heavy.test(name))).toEqual([]);
  });

  test('has a command line that loads no server, no HTTP client and no database before a command runs', async () => {
    const program = join(installed, 'dist/src/cli/program.js');
    const loaded = await packagesLoadedBy(`await import(${JSON.stringify(program)});`);

    expect(loaded).toContain('commander');
    const heavy = /^(fastify|@fastify\/.*|@bull-board\/.*|@opentelemetry\/.*|prom-client|undici|ky|pg)$/;
    expect(loaded.filter((name) => heavy.test(name))).toEqual([]);
  });

  test('runs the example of the README', async () => {
    const { config } = await openSystem();
    const options = { redisUrl: config.redisUrl, queuePrefix: config.queuePrefix };
    const [, example = ''] =
      /```js\n([\s\S]*?)```/.exec(await readFile(join(installed, 'README.md'), 'utf8')) ?? [];
    const own = example.replace("{ redisUrl: 'redis://127.0.0.1:6379' }", JSON.stringify(options));

    expect(own).not.toBe(example);
    expect((await runScript(own)).stdout).toMatch(/^accepted \[ '[\w-]+' \]\n$/);
  });

  test('enqueues a job from plain JavaScript', async () => {
    const { config } = await openSystem();
    const options = { redisUrl: config.redisUrl, queuePrefix: config.queuePrefix };
    const message = {
      tenantId: 'acme',
      guestId: 'guest-1',
      conversationId: 'conv-1',
      body: { contentType: 'text/plain', content: 'Hello' },
    };
    const { stdout } = await runScript(`
      import { createProducer } from 'genesys-webmessaging-worker/producer';
      const producer = createProducer(${JSON.stringify(options)});
      console.log((await producer.enqueue('message-transmission', ${JSON.stringify(message)})).status);
      await producer.close();
    `);

    expect(stdout).toBe('accepted\n');
  });
});

describe('a strict TypeScript project with the package', { timeout: PATIENCE_MS }, () => {
  let project: PackageProject;
  beforeAll(async () => {
    project = await createPackageProject(installed);
  }, PATIENCE_MS);

  test('hands jobs over with the library and with the client, on each version of Node', async () => {
    expect(await project.compile('program', PROGRAM, { types: ['node'] })).toBe('');

    const system = await openSystem();
    const { url, secret } = await startServe(system);
    const { redisUrl, queuePrefix } = system.config;
    const env = { REDIS_URL: redisUrl, QUEUE_PREFIX: queuePrefix, GWM_URL: url, GWM_KEY: secret };
    for (const version of [22, 24] as const) {
      const said = await project.run('program', version, env);
      expect(said).toBe(`${version} accepted accepted accepted:1 KEY_UNKNOWN\n`);
    }
  });

  test('compiles the client without the types of Node', async () => {
    expect(await project.compile('page', PAGE, { types: [], lib: ['es2024', 'dom'] })).toBe('');
  });
});

const PROGRAM = `
import { type BatchLine, ApiError, createClient } from 'genesys-webmessaging-worker/client';
import { createProducer } from 'genesys-webmessaging-worker/producer';

const { REDIS_URL = '', QUEUE_PREFIX = '', GWM_URL = '', GWM_KEY = '' } = process.env;
const message = {
  tenantId: 'acme',
  guestId: 'g',
  conversationId: 'c',
  body: { contentType: 'text/plain', content: 'Hello' },
} as const;

const producer = createProducer({ redisUrl: REDIS_URL, queuePrefix: QUEUE_PREFIX });
const enqueued = await producer.enqueue('message-transmission', message);
await producer.close();

const client = createClient({ baseUrl: GWM_URL, apiKey: GWM_KEY });
const sent = await client.messages.send(message);
const lines: BatchLine[] = [{ kind: 'message-transmission', ...message }];
const results: string[] = [];
for await (const { line, status } of client.batch(lines)) results.push(status + ':' + line);

const stranger = createClient({ baseUrl: GWM_URL, apiKey: 'wrong' });
const error = await stranger.jobs.get(sent.id).catch((thrown: unknown) => thrown);
const code = error instanceof ApiError ? error.code : 'none';
const version = process.versions.node.split('.')[0];
console.log(version, enqueued.status, sent.status, ...results, code);
`;

const PAGE = `
import { createClient, type Job, type JobEvent } from 'genesys-webmessaging-worker/client';

const client = createClient({ baseUrl: location.origin, apiKey: 'key' });
const body = { contentType: 'text/plain', content: 'Hello' } as const;
const { id } = await client.messages.send({ guestId: 'g', conversationId: 'c', body });
// @ts-expect-error A guest is a text.
await client.messages.send({ guestId: 5, conversationId: 'c', body });
const job: Job = await client.jobs.get(id);
const name: string = job.name;
// @ts-expect-error A job has no such field.
job.text;
for await (const event of client.jobs.events(id) satisfies AsyncIterable<JobEvent>) {
  if (event.type !== 'gone') document.title = name + event.job.state;
}
const { buckets } = await client.tenants.get('acme');
const level: number = buckets.messages.level;
// @ts-expect-error A number is no text.
const text: string = level;
`;

/** Runs a module beside the installed package. */
async function runScript(source: string) {
  // A package may import itself by name, so the script is in its folder.
  const file = join(installed, `script-${process.hrtime.bigint()}.mjs`);
  await writeFile(file, source);
  return await run(process.execPath, [file], { cwd: installed });
}

async function packagesLoadedBy(source: string): Promise<string[]> {
  const { stdout } = await runScript(`
    import { registerHooks } from 'node:module';
    const loaded = new Set();
    registerHooks({
      resolve(specifier, context, next) {
        const resolved = next(specifier, context);
        const [, name] = /node_modules\\/((?:@[^/]+\\/)?[^/]+)\\//.exec(resolved.url) ?? [];
        if (name) loaded.add(name);
        return resolved;
      },
    });
    ${source}
    console.log(JSON.stringify([...loaded]));
  `);
  return JSON.parse(stdout) as string[];
}

async function gwm(args: readonly string[]) {
  const main = join(installed, 'dist/src/cli/main.js');
  return await run(process.execPath, [main, ...args], { cwd: folder, env: { ...process.env, ENV_FILE: '' } });
}

async function missingLinksOf(document: string): Promise<string[]> {
  const written = await readFile(join(installed, document), 'utf8');
  // Examples of card and message texts may contain links.
  const text = written.replaceAll(/`[^`\n]*`/g, '');
  const links = [...text.matchAll(/\]\(([^)#\s]+)(?:#[^)]*)?\)/g)].map(([, link = '']) => link);
  const files = links.filter((link) => /^[\w./-]+$/.test(link));
  const missing = files.map(async (file) => {
    const path = join(installed, dirname(document), file);
    return await access(path).then(
      () => [],
      () => [`${document}: ${file}`],
    );
  });
  return (await Promise.all(missing)).flat();
}

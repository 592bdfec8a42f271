import { execFile } from 'node:child_process';
import { access, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, test } from 'vitest';
import { onEnd } from '../support/lifetime.ts';
import { openSystem } from '../support/system.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const run = promisify(execFile);

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
});

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

  test('has a producer that loads no board, no server and no client of Genesys Cloud', async () => {
    const loaded = await packagesLoadedBy("await import('genesys-webmessaging-worker/producer');");

    expect(loaded).toContain('bullmq');
    const heavy = /^(fastify|@fastify\/.*|@bull-board\/.*|prom-client|pino|commander|undici|ky|pg)$/;
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

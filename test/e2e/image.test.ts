import { execFile } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, test } from 'vitest';
import { type BuiltImage, buildImage, environmentOf } from '../support/dockerfile.ts';
import { startProcess } from '../support/processes.ts';
import { message, openSystem } from '../support/system.ts';

const run = promisify(execFile);
/** To install the packages takes a minute on a loaded machine, and longer without a cache. */
const PATIENCE_MS = 600_000;

let image: BuiltImage;
beforeAll(async () => {
  image = await buildImage();
}, PATIENCE_MS);

describe('the steps of the Dockerfile, in an empty folder', () => {
  test('put gwm on the PATH', async () => {
    const { version } = JSON.parse(await readFile(join(image.root, 'app/package.json'), 'utf8'));

    const { stdout } = await run(join(image.root, 'usr/local/bin/gwm'), ['--version'], {
      env: environmentOf(image.env),
    });
    expect(stdout).toBe(`${version}\n`);
  });

  test('install the packages of production alone, and list each of them', async () => {
    const installed = await packagesIn(join(image.root, 'app/node_modules/.package-lock.json'));
    const { components } = JSON.parse(await readFile(join(image.root, 'app/sbom.cdx.json'), 'utf8')) as {
      components: { group?: string; name: string; version: string }[];
    };
    const listed = new Set(
      components.map(({ group, name, version }) => `${group ? `${group}/` : ''}${name}@${version}`),
    );

    expect(installed.length).toBeGreaterThan(100);
    expect(installed.filter((name) => !listed.has(name))).toEqual([]);
    expect(installed.filter((name) => /^(vitest|@biomejs\/)/.test(name))).toEqual([]);
  });

  test('start a worker that delivers a message, writes nothing into the image, and ends on SIGTERM', async () => {
    const system = await openSystem();
    const before = await readdir(join(image.root, 'app'));
    const [, ...args] = [...image.entrypoint, ...image.command];
    const worker = startProcess(process.execPath, args, {
      cwd: join(image.root, 'app'),
      env: { ...environmentOf(image.env), ...system.environment, NODE_COMPILE_CACHE: undefined },
    });
    await worker.line(/"worker started"/);

    const { jobIds } = await system.openProducer().enqueue('message-transmission', message());
    expect(await system.ended(jobIds[0])).toMatchObject({ state: 'completed' });

    worker.kill();
    expect(await worker.exit).toEqual({ code: 0, signal: null });
    expect(await readdir(join(image.root, 'app'))).toEqual(before);
    expect(image.user).toBe('node');
  });
});

/** Names with versions, as npm has installed them. */
async function packagesIn(lockFile: string): Promise<string[]> {
  const { packages } = JSON.parse(await readFile(lockFile, 'utf8')) as {
    packages: Record<string, { version: string }>;
  };
  return Object.entries(packages).map(
    ([path, { version }]) => `${path.split('node_modules/').at(-1)}@${version}`,
  );
}

import { execFile } from 'node:child_process';
import { cpSync, existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { onEnd } from './lifetime.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const run = promisify(execFile);

/** The versions of Node on which programs may use the package. */
export type NodeVersion = 22 | 24;

export const NODES: Readonly<Record<NodeVersion, string>> = {
  22: join(ROOT, 'node_modules/node22/bin/node'),
  24: process.execPath,
};

/** A TypeScript project that has installed the package, and nothing that only our own tests need. */
export interface PackageProject {
  /**
   * Compiles a program strictly, with the types of all packages checked.
   * @returns the errors of the compiler.
   */
  compile(name: string, source: string, options?: object): Promise<string>;
  /** Runs a compiled program on a version of Node. @returns its output. */
  run(name: string, version: NodeVersion, env: Readonly<Record<string, string>>): Promise<string>;
}

/** @param unpacked the folder of the unpacked tarball. */
export async function createPackageProject(unpacked: string): Promise<PackageProject> {
  const folder = await mkdtemp(join(tmpdir(), 'gwm-project-'));
  onEnd(() => rm(folder, { recursive: true, force: true }));
  const modules = join(folder, 'node_modules');
  await mkdir(modules);
  // Links would lead back into our own node_modules, and to the packages of our tests.
  for (const name of await productionPackages()) copyPackage(name, modules);
  cpSync(unpacked, join(modules, 'genesys-webmessaging-worker'), { recursive: true });
  await writeFile(join(folder, 'package.json'), '{"type":"module"}');

  return {
    async compile(name, source, options = {}) {
      await writeFile(join(folder, `${name}.ts`), source);
      const compilerOptions = {
        strict: true,
        module: 'nodenext',
        target: 'es2024',
        outDir: 'out',
        ...options,
      };
      const config = join(folder, `${name}.json`);
      await writeFile(config, JSON.stringify({ compilerOptions, files: [`${name}.ts`] }));
      const tsc = join(ROOT, 'node_modules/.bin/tsc');
      return await run(tsc, ['-p', config]).then(
        () => '',
        ({ stdout, message }: { stdout?: string; message: string }) => stdout || message,
      );
    },
    async run(name, version, env) {
      const program = join(folder, 'out', `${name}.js`);
      const { stdout } = await run(NODES[version], [program], { env, cwd: folder });
      return stdout;
    },
  };
}

/** What `npm install` installs with the package, and the types of Node beside it. */
async function productionPackages(): Promise<string[]> {
  const { packages } = JSON.parse(await readFile(join(ROOT, 'package-lock.json'), 'utf8')) as {
    packages: Record<string, { dev?: boolean; devOptional?: boolean }>;
  };
  const installed = Object.entries(packages).flatMap(([path, { dev, devOptional }]) => {
    const name = path.replace('node_modules/', '');
    return path === '' || dev || devOptional || name.includes('node_modules/') ? [] : [name];
  });
  return [...installed, '@types/node', 'undici-types'];
}

/**
 * Packages of other platforms are not there. `cpSync` copies thousands of files many times faster
 * than `cp`.
 */
function copyPackage(name: string, modules: string): void {
  const from = join(ROOT, 'node_modules', name);
  if (existsSync(from)) cpSync(from, join(modules, name), { recursive: true });
}

/**
 * Builds the program that the tests start. A suite starts hundreds of processes, and each would
 * load a thousand modules. A few files with all of them start in less than half the time. They are
 * CommonJS, whose modules Node links faster.
 *
 * The code is that of `src` and `workers`; other tests start the program from its source and from
 * the npm package.
 */
import { cp, glob, rm, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Plugin, rolldown } from 'rolldown';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
/** Beside `dist`, so that paths from the built files to `examples` are those of the npm package. */
const BUILD = join(ROOT, 'build');
/** Started by name, so each needs a file of its own. */
const ENTRIES = ['src/cli/main', 'src/audit/store-thread'];

/** Each project loads this module. The projects of a run share the build. */
const shared: { gwmBuild?: Promise<void> } = globalThis as object;

export default function provideProgram(): Promise<void> {
  shared.gwmBuild ??= buildProgram();
  return shared.gwmBuild;
}

async function buildProgram(): Promise<void> {
  await rm(BUILD, { recursive: true, force: true });
  const bundle = await rolldown({
    cwd: ROOT,
    input: Object.fromEntries(ENTRIES.map((entry) => [entry, `${entry}.ts`])),
    platform: 'node',
    // `pg` works without the first one. The others look for their files beside their own modules.
    external: ['pg-native', /^@bull-board\//, '@fastify/swagger', '@fastify/swagger-ui'],
    plugins: [adaptModules],
    logLevel: 'silent',
  });
  await bundle.write({ dir: BUILD, format: 'cjs', chunkFileNames: 'src/chunks/[name]-[hash].js' });
  await bundle.close();
  await writeFile(join(BUILD, 'package.json'), '{"type":"commonjs"}\n');
  for await (const file of glob('src/**/*.{lua,sql}', { cwd: ROOT })) {
    await cp(join(ROOT, file), join(BUILD, file));
  }
}

/**
 * Modules find their Lua and SQL files beside them, also after many modules became one file. The
 * entry starts the program without a top-level await, which CommonJS does not have.
 */
const adaptModules: Plugin = {
  name: 'adapt-modules',
  transform(code, file) {
    if (!file.startsWith(ROOT) || file.includes('node_modules')) return undefined;
    const address = JSON.stringify(relative(ROOT, file).replace(/\.ts$/, '.js'));
    return code
      .replaceAll('import.meta.main', 'false')
      .replaceAll('import.meta.url', `new URL(${address}, ROOT_OF_BUILD).href`)
      .replace(/^await runEntry\(/m, 'void runEntry(');
  },
  renderChunk(code, { fileName }) {
    const up = '../'.repeat(fileName.split('/').length - 1);
    const here = "require('node:url').pathToFileURL(__filename)";
    return code.replaceAll('ROOT_OF_BUILD', `new URL('${up}', ${here})`);
  },
};

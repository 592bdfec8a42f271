/**
 * Builds the program that the tests start. A suite starts hundreds of processes, and each would
 * load a thousand modules. A few files with all of them start in a third of the time. They are
 * CommonJS, whose modules Node links faster, and built-code.ts keeps their functions compiled.
 *
 * The code is that of `src` and `workers`; other tests start the program from its source and from
 * the npm package.
 */
import { cp, glob, mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Plugin, rolldown } from 'rolldown';
import { rehearse } from './rehearsal.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
/** Beside `dist`, so that paths from the built files to `examples` are those of the npm package. */
const BUILD = join(ROOT, 'build');
/** Started by name, so each needs a file of its own. */
const ENTRIES = ['src/cli/main', 'src/audit/store-thread'];

/** Each project loads this module. The projects of a run share the build. */
const shared: { gwmBuild?: Promise<void> } = globalThis as object;

export default function provideProgram(): Promise<void> {
  shared.gwmBuild ??= buildProgram().then(() => rehearse(join(BUILD, 'src/cli/main.js')));
  return shared.gwmBuild;
}

async function buildProgram(): Promise<void> {
  await rm(BUILD, { recursive: true, force: true });
  await Promise.all([buildLoader(), buildCode()]);
  await writeFile(join(BUILD, 'package.json'), '{"type":"commonjs"}\n');
  for await (const file of glob('src/**/*.{lua,sql}', { cwd: ROOT })) {
    await cp(join(ROOT, file), join(BUILD, file));
  }
  await cp(join(ROOT, 'src/control-room'), join(BUILD, 'src/control-room'), { recursive: true });
}

async function buildCode(): Promise<void> {
  const bundle = await rolldown({
    cwd: ROOT,
    input: Object.fromEntries(ENTRIES.map((entry) => [entry, `${entry}.ts`])),
    platform: 'node',
    // `pg` works without the first one. The others look for their files beside their own modules.
    external: ['pg-native', /^@bull-board\//, '@fastify/swagger', '@fastify/swagger-ui'],
    plugins: [adaptModules],
    logLevel: 'silent',
  });
  const { output } = await bundle.generate({
    format: 'cjs',
    entryFileNames: '[name].code.js',
    chunkFileNames: 'src/chunks/[name]-[hash].js',
    // V8 stores such a text with one byte for each character.
    charset: 'ascii',
    minify: { mangle: false, compress: false, codegen: { removeWhitespace: true } },
  });
  await bundle.close();
  for (const file of output) {
    if (file.type !== 'chunk') throw new Error(`The build has ${file.fileName}, which is no code.`);
    await write(file.fileName, wrapped(file.code));
    if (file.isEntry) await write(`${file.name}.js`, starterOf(file.fileName));
  }
}

/** The loader is the only file that Node itself compiles. */
async function buildLoader(): Promise<void> {
  const bundle = await rolldown({ cwd: ROOT, input: 'test/support/built-code.ts', platform: 'node' });
  await bundle.write({ file: join(BUILD, 'built-code.js'), format: 'cjs' });
  await bundle.close();
}

/** As Node wraps a module of CommonJS. */
function wrapped(code: string): string {
  return `(function (exports, require, module, __filename, __dirname) {${code.replace(/^#!.*/, '')}\n})`;
}

function starterOf(fileName: string): string {
  const up = relative(dirname(fileName), '.');
  return `require('${up}/built-code.js').runBuilt(require('node:path').join(__dirname, '${up}', '${fileName}'));\n`;
}

async function write(fileName: string, text: string): Promise<void> {
  const file = join(BUILD, fileName);
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, text);
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

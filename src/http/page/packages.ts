import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

/** A module of a package: the browser gets one file, as it is published. */
interface PageModule {
  /** What the modules of the page import. */
  readonly name: string;
  readonly owner: string;
  /** Beside the file that Node would load. */
  readonly file: string;
  /** What stands behind the code of a file that is no module. */
  readonly exports?: string;
}

const MODULES: readonly PageModule[] = [
  { name: 'preact', owner: 'preact', file: 'preact.mjs' },
  { name: 'preact/hooks', owner: 'preact', file: '../hooks/dist/hooks.mjs' },
  { name: 'htm', owner: 'htm', file: 'htm.mjs' },
  // The module of uPlot has three times the size of this file, which declares one variable.
  { name: 'uplot', owner: 'uplot', file: 'uPlot.iife.min.js', exports: 'export default uPlot;' },
];

const { resolve } = createRequire(import.meta.url);

/** The modules of packages, by their path below the files of the page. */
export function packageModules(): Map<string, string> {
  return new Map(
    MODULES.map(({ name, owner, file, exports = '' }) => {
      const code = readPackageFile(owner, file).replace(/^\/\/# sourceMappingURL=.*$/m, '');
      return [pathOf(name), `${code}\n${exports}`];
    }),
  );
}

/** @param file beside the file that Node would load. */
export function readPackageFile(owner: string, file: string): string {
  return readFileSync(join(dirname(resolve(owner)), file), 'utf8');
}

const IMPORT = new RegExp(
  `\\b(from|import)(\\s*\\(?\\s*)(["'])(${MODULES.map(({ name }) => name).join('|')})\\3`,
  'g',
);

/** Browsers know no names of packages. So a module imports them by their paths. */
export function withPaths(code: string, path: string): string {
  const up = '../'.repeat(path.split('/').length - 1) || './';
  return code.replace(
    IMPORT,
    (_all, word, space, quote, name) => `${word}${space}${quote}${up}${pathOf(name)}${quote}`,
  );
}

function pathOf(name: string): string {
  return `packages/${name.replace('/', '-')}.js`;
}

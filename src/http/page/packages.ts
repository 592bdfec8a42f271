import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

/** A package of the page: the browser gets one file of it, as it is published. */
interface PagePackage {
  /** What the modules of the page import. */
  readonly name: string;
  readonly package: string;
  readonly file: string;
  /** What stands behind the code of a file that is no module. */
  readonly exports?: string;
}

const PACKAGES: readonly PagePackage[] = [
  { name: 'preact', package: 'preact', file: 'dist/preact.module.js' },
  { name: 'preact/hooks', package: 'preact', file: 'hooks/dist/hooks.module.js' },
  { name: 'htm', package: 'htm', file: 'dist/htm.module.js' },
  // The module of uPlot has three times the size of this file, which declares one variable.
  {
    name: 'uplot',
    package: 'uplot',
    file: 'dist/uPlot.iife.min.js',
    exports: 'export default uPlot;',
  },
];

const { resolve } = createRequire(import.meta.url);

/** The modules of packages, by their path below the files of the page. */
export function packageModules(): Map<string, string> {
  return new Map(
    PACKAGES.map(({ name, package: owner, file, exports = '' }) => {
      const code = readPackageFile(owner, file).replace(/^\/\/# sourceMappingURL=.*$/m, '');
      return [pathOf(name), `${code}\n${exports}`];
    }),
  );
}

export function readPackageFile(owner: string, file: string): string {
  return readFileSync(join(dirname(resolve(`${owner}/package.json`)), file), 'utf8');
}

const IMPORT = new RegExp(
  `\\b(from|import)(\\s*\\(?\\s*)(["'])(${PACKAGES.map(({ name }) => name).join('|')})\\3`,
  'g',
);

/** Browsers know no names of packages. So a module imports them by their paths. */
export function withPaths(code: string, path: string): string {
  const up = '../'.repeat(path.split('/').length - 1) || './';
  return code.replace(IMPORT, (_all, word, space, quote, name) => `${word}${space}${quote}${up}${pathOf(name)}${quote}`);
}

function pathOf(name: string): string {
  return `packages/${name.replace('/', '-')}.js`;
}

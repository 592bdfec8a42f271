import { createHash } from 'node:crypto';
import { globSync, readFileSync } from 'node:fs';
import nodeModule from 'node:module';
import { sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { packageModules, readPackageFile, withPaths } from './packages.ts';

/** A file of the control room, as a browser gets it. */
export interface PageFile {
  readonly type: string;
  readonly content: string;
}

export interface PageFiles {
  /** Of all contents. It is part of each address, so a browser may keep the files for ever. */
  readonly digest: string;
  /** By path, in the order in which the page needs them. */
  readonly files: ReadonlyMap<string, PageFile>;
}

const FOLDER = fileURLToPath(new URL('../../control-room/', import.meta.url));

const TYPES: Readonly<Record<string, string>> = {
  css: 'text/css; charset=utf-8',
  svg: 'image/svg+xml',
  ts: 'text/javascript; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
};

/** Reads the files of the control room: sources, or what the build made of them. */
export function readPageFiles(): PageFiles {
  const own = globSync('**/*.{ts,js,css,svg}', { cwd: FOLDER })
    .map((path) => path.split(sep).join('/'))
    .filter((path) => !path.endsWith('.d.ts'))
    .sort();
  const files = new Map<string, PageFile>();
  for (const [path, code] of packageModules()) files.set(path, fileOf(path, withPaths(code, path)));
  files.set('packages/uplot.css', fileOf('uplot.css', readPackageFile('uplot', 'uPlot.min.css')));
  for (const path of own) files.set(path, fileOf(path, contentOf(path)));
  const hash = createHash('sha256');
  for (const [path, { content }] of files) hash.update(`${path}\0${content}\0`);
  return { digest: hash.digest('hex').slice(0, 16), files };
}

function fileOf(path: string, content: string): PageFile {
  return { type: TYPES[path.slice(path.lastIndexOf('.') + 1)] ?? '', content };
}

/** A source has types, which the browser does not know. The build has removed them. */
function contentOf(path: string): string {
  const text = readFileSync(FOLDER + path, 'utf8');
  if (path.endsWith('.ts')) return withPaths(smaller(nodeModule.stripTypeScriptTypes(text)), path);
  return path.endsWith('.js') ? withPaths(text, path) : text;
}

/** Spaces stand where types and comments were. */
function smaller(code: string): string {
  return code.replace(/[ \t]+$/gm, '').replace(/\n{2,}/g, '\n');
}

import { globSync, readFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { join, posix, sep } from 'node:path';
import { type Comment, type Node, parseSync, Visitor } from 'oxc-parser';

/**
 * The target of an import: a file of ours, a package or built-in module, or unknown before the code
 * runs.
 */
export type Target =
  | { kind: 'file'; path: string }
  | { kind: 'package'; name: string }
  | { kind: 'computed' };

/** One import of any form: static, dynamic, type-only, re-export. */
export interface Import {
  target: Target;
  line: number;
  /** The import is gone when the code runs. */
  isTypeOnly: boolean;
}

/**
 * The facts about a file that the rules need. Paths are relative to the root, with forward slashes.
 */
export interface Module {
  path: string;
  imports: readonly Import[];
  lineCount: number;
  /** The lines that read the environment of the process. */
  environmentLines: readonly number[];
}

/** The production code, and the packages that are installed with it. */
export interface CodeBase {
  modules: readonly Module[];
  dependencies: readonly string[];
}

/** Parses every module of `src/` and `workers/` under a root. Throws if one does not parse. */
export function readCodeBase(root: string): CodeBase {
  const paths = globSync('{src,workers}/**/*.ts', { cwd: root }).map((path) => path.split(sep).join('/'));
  const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  return {
    modules: paths.sort().map((path) => parseModule(path, readFileSync(join(root, path), 'utf8'))),
    dependencies: Object.keys(manifest.dependencies ?? {}),
  };
}

/** Parses one module; the path need not exist. */
export function parseModule(path: string, source: string): Module {
  const { program, comments, errors } = parseSync(path, source);
  if (errors.length > 0) throw new Error(`${path} does not parse: ${errors[0]?.message}`);

  const lineAt = (offset: number) => source.slice(0, offset).split('\n').length;
  const imports: Import[] = [];
  const add = (specifier: Node | null | undefined, kind = 'value') => {
    if (!specifier) return;
    const target = targetOf(path, specifier);
    imports.push({ target, line: lineAt(specifier.start), isTypeOnly: kind === 'type' });
  };
  new Visitor({
    ImportDeclaration: (node) => add(node.source, node.importKind),
    ExportNamedDeclaration: (node) => add(node.source, node.exportKind),
    ExportAllDeclaration: (node) => add(node.source, node.exportKind),
    ImportExpression: (node) => add(node.source),
    TSImportType: (node) => add(node.source, 'type'),
  }).visit(program);

  return {
    path,
    imports,
    lineCount: source.trimEnd().split('\n').length,
    environmentLines: findEnvironment(source, comments).map(lineAt),
  };
}

function targetOf(importer: string, node: Node): Target {
  const specifier = literalValue(node);
  if (specifier === undefined) return { kind: 'computed' };
  if (specifier.startsWith('.'))
    return { kind: 'file', path: posix.join(posix.dirname(importer), specifier) };
  return { kind: 'package', name: packageName(specifier) };
}

function literalValue(node: Node): string | undefined {
  if (node.type === 'Literal' && typeof node.value === 'string') return node.value;
  if (node.type === 'TemplateLiteral' && node.expressions.length === 0) return node.quasis[0]?.value.raw;
  return undefined;
}

/** `ioredis/built/x` is `ioredis`, `@scope/a/b` is `@scope/a`, `fs/promises` is `node:fs`. */
function packageName(specifier: string): string {
  const [first = '', second = ''] = specifier.replace(/^node:/, '').split('/');
  if (isBuiltin(specifier)) return `node:${first}`;
  return first.startsWith('@') ? `${first}/${second}` : first;
}

const ENVIRONMENT = [
  /\bprocess\s*\??\.\s*env\b/g,
  /\bprocess\s*(\?\.)?\[\s*['"`]env['"`]/g,
  /\benv\b[^=;]*\}\s*=\s*process\b/g,
  /\bfrom\s*['"](node:)?process['"]/g,
];

/** Offsets in the source, without its comments. */
function findEnvironment(source: string, comments: readonly Comment[]): number[] {
  let code = source;
  for (const { start, end } of comments)
    code = code.slice(0, start) + ' '.repeat(end - start) + code.slice(end);
  return ENVIRONMENT.flatMap((pattern) => [...code.matchAll(pattern)].map((match) => match.index));
}

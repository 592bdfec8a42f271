import { builtinModules } from 'node:module';
import type { CodeBase, Import, Module } from './import-graph.ts';

/**
 * The ranks: a folder imports from itself and from lower ranks. ARCHITECTURE.md gives the reasons.
 */
export const RANKS: Readonly<Record<string, number>> = {
  'src/core': 0,
  'src/config': 1,
  'src/content': 1,
  'src/capacity': 2,
  'src/jobs': 2,
  'src/observe': 2,
  'src/outbound': 2,
  'src/seal': 2,
  'src/redis': 3,
  'src/ingest': 4,
  'src/tenants': 4,
  'src/access': 4,
  'src/counts': 4,
  'src/flow': 5,
  'src/genesys': 5,
  'src/webhooks': 5,
  'src/audit': 5,
  'src/queues': 6,
  'src/webmessaging': 6,
  'src/partitions': 7,
  'src/runtime': 7,
  'src/operate': 8,
  'src/doctor': 8,
  'src/survey': 8,
  'src/http': 9,
  'src/cli': 9,
  'src/sandbox': 9,
  'src/index.ts': 9,
  'src/client': 10,
  workers: 9,
  'workers/main.ts': 9,
};

/**
 * Further allowed imports: the command line starts the processes, its demo uses the client, and the
 * public entry exports everything.
 */
const ALSO_ALLOWED: Readonly<Record<string, readonly string[]>> = {
  'src/cli': ['src/http', 'src/sandbox', 'src/client', 'workers/main.ts'],
  'src/index.ts': ['src/http', 'src/cli', 'src/sandbox'],
  'workers/main.ts': ['workers'],
};

/**
 * Folders that import nothing else of ours than these files. The sandbox must not share an error with
 * the client that it tests: it has its own JSON, errors, formats and limits. These two files know
 * nothing of Genesys: one bounds the length of a text or a list, one decodes UTF-8.
 */
const ONLY_ALLOWED: Readonly<Record<string, readonly string[]>> = {
  'src/sandbox': ['src/core/shapes.ts', 'src/core/utf8.ts'],
};

/** Packages that only the named files may import. `*` stands for any name. */
const OWNERS: Readonly<Record<string, readonly string[]>> = {
  bullmq: ['src/queues', 'src/runtime'],
  ioredis: ['src/redis'],
  ky: ['src/outbound'],
  undici: ['src/outbound'],
  'ipaddr.js': ['src/outbound'],
  pino: ['src/observe'],
  'prom-client': ['src/observe'],
  '@opentelemetry/*': ['src/observe'],
  '@bull-board/*': ['src/http'],
  fastify: ['src/http', 'src/sandbox'],
  ws: ['src/sandbox'],
  '@fastify/*': ['src/http', 'src/sandbox'],
  'fastify-type-provider-zod': ['src/http'],
  commander: ['src/cli'],
  pg: ['src/audit'],
  'node:sqlite': ['src/audit'],
  parse5: ['src/content'],
  re2js: ['src/content'],
  culori: ['src/content'],
};

/** Folders that any program may import, because they only compute. */
const PURE = ['src/core', 'src/jobs', 'src/content'];
const PURE_BUILTINS = [
  'assert',
  'buffer',
  'crypto',
  'events',
  'path',
  'querystring',
  'string_decoder',
  'url',
  'util',
];
const IO_BUILTINS = new Set(
  builtinModules
    .map((name) => `node:${name.replace(/^node:/, '').split('/')[0]}`)
    .filter((name) => !PURE_BUILTINS.includes(name.replace('node:', ''))),
);

/** Browsers and other runtimes load it, so it must not load a package or a module of Node. */
const CLIENT = 'src/client/client.ts';

const ENVIRONMENT_READER = 'src/config';
const ONLY_INDEX = 'src/index.ts';

const MAX_LINES = 400;
/** Files that may be longer, each with a reason. */
const LONG_FILES: Readonly<Record<string, string>> = {};

/** A rule of the code, and the sentences about its violations. */
export interface Rule {
  name: string;
  violations(codeBase: CodeBase): string[];
}

/** All rules, in the order of the report. */
export const RULES: readonly Rule[] = [
  {
    name: 'every folder has a rank',
    violations: forEachModule(({ path }) =>
      placeOf(path) in RANKS ? [] : [`${path}: ${placeOf(path)} has no rank; give it one, or move the file`],
    ),
  },
  {
    name: 'imports go to a lower rank or stay in the folder',
    violations: forEachFileImport((from, to) => {
      const [fromRank, toRank] = [RANKS[from], RANKS[to]];
      if (fromRank === undefined || toRank === undefined) return undefined;
      if (from === to || toRank < fromRank || ALSO_ALLOWED[from]?.includes(to)) return undefined;
      return `${from} (rank ${fromRank}) may not import from ${to} (rank ${toRank})`;
    }),
  },
  {
    name: 'the sandbox imports nothing of ours but two general tools of core',
    violations: forEachImport((from, { target }) => {
      const allowed = ONLY_ALLOWED[from];
      if (!allowed || target.kind !== 'file') return undefined;
      if (from === placeOf(target.path) || allowed.includes(target.path)) return undefined;
      return `${from} may import only ${allowed.join(', ')}`;
    }),
  },
  { name: 'no cycles', violations: findCycles },
  {
    name: 'a package is imported by its owners only',
    violations: forEachPackageImport((from, name) => {
      const owners = ownersOf(name);
      return !owners || owners.includes(from) ? undefined : `${name} belongs to ${owners.join(', ')}`;
    }),
  },
  {
    name: 'what runs in production is a production dependency',
    violations: (codeBase) =>
      forEachPackageImport((_from, name) =>
        name.startsWith('node:') || codeBase.dependencies.includes(name)
          ? undefined
          : `${name} is not among the dependencies of package.json`,
      )(codeBase),
  },
  {
    name: 'core, jobs and content do no I/O',
    violations: forEachPackageImport((from, name) =>
      PURE.includes(from) && IO_BUILTINS.has(name) ? `${from} does no I/O, so nothing of ${name}` : undefined,
    ),
  },
  {
    name: 'the client loads only itself and core',
    violations: ({ modules }) => loadedBy(CLIENT, modules).flatMap(violationsOfClient),
  },
  {
    name: 'only config reads the environment',
    violations: forEachModule(({ path, environmentLines }) =>
      placeOf(path) === ENVIRONMENT_READER
        ? []
        : environmentLines.map(
            (line) => `${path}:${line} reads the environment; only ${ENVIRONMENT_READER} may`,
          ),
    ),
  },
  {
    name: 'no barrels',
    violations: forEachModule(({ path }) =>
      path.endsWith('/index.ts') && path !== ONLY_INDEX
        ? [`${path}: import the files themselves, not an index`]
        : [],
    ),
  },
  {
    name: 'every import can be followed',
    violations: forEachImport((_from, { target }) =>
      target.kind === 'computed' ? 'a path that is computed cannot be checked; write it out' : undefined,
    ),
  },
  {
    name: `no file over ${MAX_LINES} lines`,
    violations: forEachModule(({ path, lineCount }) =>
      lineCount > MAX_LINES && !(path in LONG_FILES)
        ? [`${path} has ${lineCount} lines; split it at ${MAX_LINES}`]
        : [],
    ),
  },
];

/** Every violation of every rule, as sentences. */
export function findViolations(codeBase: CodeBase): string[] {
  return RULES.flatMap((rule) =>
    rule.violations(codeBase).map((violation) => `${violation}  [${rule.name}]`),
  );
}

/** `src/<folder>`, `workers`, or one of the files with their own rank. */
export function placeOf(path: string): string {
  if (path in RANKS) return path;
  const [top = '', folder = ''] = path.split('/');
  return top === 'src' ? `${top}/${folder}` : top;
}

function ownersOf(name: string): readonly string[] | undefined {
  return OWNERS[name] ?? OWNERS[name.replace(/\/.*/, '/*')];
}

function forEachModule(check: (module: Module) => string[]): Rule['violations'] {
  return ({ modules }) => modules.flatMap(check);
}

/**
 * Runs a check on each import, with the place of the importer. The check returns the violation, or
 * nothing.
 */
function forEachImport(check: (from: string, found: Import) => string | undefined): Rule['violations'] {
  return forEachModule(({ path, imports }) =>
    imports.flatMap((found) => {
      const wrong = check(placeOf(path), found);
      return wrong ? [`${path}:${found.line} imports ${nameOf(found)}: ${wrong}`] : [];
    }),
  );
}

function forEachFileImport(check: (from: string, to: string) => string | undefined): Rule['violations'] {
  return forEachImport((from, { target }) =>
    target.kind === 'file' ? check(from, placeOf(target.path)) : undefined,
  );
}

function forEachPackageImport(check: (from: string, name: string) => string | undefined): Rule['violations'] {
  return forEachImport((from, { target }) =>
    target.kind === 'package' ? check(from, target.name) : undefined,
  );
}

/** The modules that are loaded with an entry, without those that only give types. */
function loadedBy(entry: string, modules: readonly Module[]): Module[] {
  const byPath = new Map(modules.map((module) => [module.path, module]));
  const loaded = new Map<string, Module>();
  const load = (path: string) => {
    const found = byPath.get(path);
    if (!found || loaded.has(path)) return;
    loaded.set(path, found);
    for (const { target, isTypeOnly } of found.imports) {
      if (!isTypeOnly && target.kind === 'file') load(target.path);
    }
  };
  load(entry);
  return [...loaded.values()];
}

function violationsOfClient({ path, imports }: Module): string[] {
  const wrong = imports.filter(({ target, isTypeOnly }) => {
    if (isTypeOnly) return false;
    return target.kind !== 'file' || !['src/client', 'src/core'].includes(placeOf(target.path));
  });
  return wrong.map((found) => `${path}:${found.line} loads ${nameOf(found)}, so the client would load it`);
}

function nameOf({ target }: Import): string {
  if (target.kind === 'computed') return 'something';
  return target.kind === 'file' ? target.path : target.name;
}

/** Follows every chain of imports. A chain that returns to itself is a cycle, reported once. */
function findCycles({ modules }: CodeBase): string[] {
  const importsOf = new Map(modules.map(({ path, imports }) => [path, imports]));
  const done = new Set<string>();
  const chain: string[] = [];
  const cycles: string[] = [];
  const walk = (path: string) => {
    if (chain.includes(path)) cycles.push([...chain.slice(chain.indexOf(path)), path].join(' -> '));
    if (chain.includes(path) || done.has(path)) return;
    chain.push(path);
    for (const { target } of importsOf.get(path) ?? []) if (target.kind === 'file') walk(target.path);
    chain.pop();
    done.add(path);
  };
  for (const { path } of modules) walk(path);
  return cycles.map((cycle) => `a cycle of imports: ${cycle}`);
}

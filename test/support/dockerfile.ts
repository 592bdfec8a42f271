import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join, posix } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { onEnd } from './lifetime.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const run = promisify(execFile);

/** What the steps of the Dockerfile have made, in a folder in the place of a container. */
export interface BuiltImage {
  /** The folder that stands for `/`. */
  readonly root: string;
  /** ENTRYPOINT and CMD. */
  readonly entrypoint: readonly string[];
  readonly command: readonly string[];
  /** The variables of ENV. */
  readonly env: Readonly<Record<string, string>>;
  readonly user: string;
}

/** An instruction with the text behind it. */
interface Instruction {
  readonly name: string;
  readonly text: string;
}

interface Stage {
  readonly root: string;
  readonly env: Record<string, string>;
  workdir: string;
  user: string;
  entrypoint: readonly string[];
  command: readonly string[];
}

/**
 * Takes the steps of our Dockerfile in their order, without a container engine: each stage begins with
 * an empty folder, and gets what COPY and RUN put there. The base image is not there: steps use the
 * Node and npm of this machine. Only files that .dockerignore lets through can be copied.
 *
 * @throws for a step that fails, and for an instruction that this function does not know.
 */
export async function buildImage(): Promise<BuiltImage> {
  const folder = await mkdtemp(join(tmpdir(), 'gwm-image-'));
  onEnd(() => rm(folder, { recursive: true, force: true }));
  const allowed = await filesLetThrough();
  const stages = new Map<string, Stage>();
  let stage = newStage(folder, stages, 'none');
  for (const { name, text } of instructionsIn(await readFile(join(ROOT, 'Dockerfile'), 'utf8'))) {
    if (name === 'FROM') stage = newStage(folder, stages, / AS (\S+)$/.exec(text)?.[1] ?? 'last');
    else await step(stage, { name, text }, { stages, allowed });
  }
  const { root, entrypoint, command, env, user } = stage;
  return { root, entrypoint: entrypoint.map((word) => inside(root, word)), command, env, user };
}

interface Context {
  readonly stages: ReadonlyMap<string, Stage>;
  readonly allowed: readonly string[];
}

async function step(stage: Stage, { name, text }: Instruction, context: Context): Promise<void> {
  switch (name) {
    case 'WORKDIR':
      stage.workdir = join(stage.root, text);
      await mkdir(stage.workdir, { recursive: true });
      return;
    case 'ENV': {
      const [, variable = '', value = ''] = /^(\w+)=(\S+)$/.exec(text) ?? fail(`ENV ${text}`);
      stage.env[variable] = value;
      return;
    }
    case 'COPY':
      return await copy(stage, text, context);
    case 'RUN':
      // The base image has the folder of local programs.
      await mkdir(join(stage.root, 'usr/local/bin'), { recursive: true });
      await run('sh', ['-c', inside(stage.root, text)], {
        cwd: stage.workdir,
        env: environmentOf(stage.env),
        maxBuffer: 64 * 1024 * 1024,
      });
      return;
    case 'USER':
      stage.user = text;
      return;
    case 'ENTRYPOINT':
      stage.entrypoint = JSON.parse(text);
      return;
    case 'CMD':
      stage.command = JSON.parse(text);
      return;
    default:
      fail(`${name} ${text}`);
  }
}

async function copy(stage: Stage, text: string, { stages, allowed }: Context): Promise<void> {
  const [, from] = /^--from=(\S+) /.exec(text) ?? [];
  const words = text.replace(/^--from=\S+ /, '').split(' ');
  const to = join(stage.workdir, words.at(-1) ?? '');
  for (const source of words.slice(0, -1)) {
    if (from === undefined && !allowed.includes(source)) fail(`.dockerignore leaves out ${source}`);
    const base = from === undefined ? ROOT : (stages.get(from)?.root ?? fail(`no stage ${from}`));
    const isFolder = (words.at(-1) ?? '').endsWith('/');
    await cp(join(base, source), isFolder ? join(to, basename(source)) : to, {
      recursive: true,
      verbatimSymlinks: true,
    });
  }
}

function newStage(folder: string, stages: Map<string, Stage>, name: string): Stage {
  const root = join(folder, name);
  const stage: Stage = { root, env: {}, workdir: root, user: 'root', entrypoint: [], command: [] };
  stages.set(name, stage);
  return stage;
}

/** The variables that a step has in a container: its own, and the place of Node. */
export function environmentOf(env: Readonly<Record<string, string>>): Record<string, string> {
  const { PATH = '', HOME = '' } = process.env;
  return {
    PATH: `${dirname(process.execPath)}:${PATH}`,
    HOME,
    // As quick as a second build: packages that the machine has are not fetched again.
    npm_config_prefer_offline: 'true',
    ...env,
  };
}

/** Absolute paths lead into the folder of the stage. */
function inside(root: string, text: string): string {
  return text.replaceAll(/(^|\s)\/(?=[a-z])/g, `$1${root}/`);
}

/** One instruction per line, without comments. */
function instructionsIn(text: string): Instruction[] {
  const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  return lines.map((line) => {
    const [, name = '', rest = ''] = /^([A-Z]+) (.+[^\\])$/.exec(line) ?? fail(line);
    return { name, text: rest };
  });
}

async function filesLetThrough(): Promise<string[]> {
  const lines = (await readFile(join(ROOT, '.dockerignore'), 'utf8')).split('\n');
  return lines.filter((line) => line.startsWith('!')).map((line) => posix.normalize(line.slice(1)));
}

function fail(what: string): never {
  throw new Error(`The Dockerfile has a step that cannot be taken: ${what}`);
}

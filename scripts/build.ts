/** `npm run build` writes dist/: .js and .d.ts of src and workers, and their other files. */
import { spawnSync } from 'node:child_process';
import { cp, glob, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('..', import.meta.url));

process.chdir(ROOT);
// Without this a module that was deleted from src would stay in dist.
await rm('dist', { recursive: true, force: true });
// `npm run check` checks the types, which takes most of the time of the compiler.
const args = ['-p', 'tsconfig.build.json', '--noCheck'];
const { status } = spawnSync(join('node_modules', '.bin', 'tsc'), args, { stdio: 'inherit' });
if (status !== 0) process.exit(1);
for await (const script of glob('src/**/*.{lua,sql,css,svg}')) await cp(script, join('dist', script));

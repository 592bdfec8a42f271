/** `npm run build`: dist/ with .js and .d.ts for src and workers, and the scripts in Lua and SQL, which lie beside their users. */
import { spawnSync } from 'node:child_process';
import { cp, glob, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('..', import.meta.url));

process.chdir(ROOT);
// A module that is gone from src must not live on in dist.
await rm('dist', { recursive: true, force: true });
const { status } = spawnSync(join('node_modules', '.bin', 'tsc'), ['-p', 'tsconfig.build.json'], {
  stdio: 'inherit',
});
if (status !== 0) process.exit(1);
for await (const script of glob('src/**/*.{lua,sql}')) await cp(script, join('dist', script));

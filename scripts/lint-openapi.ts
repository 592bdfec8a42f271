/**
 * Checks docs/openapi.json by the recommended rules of Redocly. It fails on warnings too, and asks no
 * server for a newer version.
 */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const { status } = spawnSync('redocly', ['lint', 'docs/openapi.json', '--extends', 'recommended-strict'], {
  cwd: fileURLToPath(new URL('..', import.meta.url)),
  stdio: 'inherit',
  env: { ...process.env, REDOCLY_TELEMETRY: 'off', REDOCLY_SUPPRESS_UPDATE_NOTICE: 'true' },
});
process.exitCode = status ?? 1;

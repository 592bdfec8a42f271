import { readFileSync } from 'node:fs';
import { parseEnv } from 'node:util';
import { messageOf, OperatorError } from '../core/errors.ts';

/** Variables by name, as a process gets them. */
export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The variables of this process, over those of the file that `ENV_FILE` names (default `.env`, which may
 * be missing; an empty `ENV_FILE` reads none).
 */
export function readEnvironment(): Environment {
  const file = process.env['ENV_FILE'] ?? '.env';
  return { ...readEnvFile(file, process.env['ENV_FILE'] !== undefined), ...process.env };
}

/** The variables of this process alone, for what must not depend on a file that happens to lie around. */
export function processEnvironment(): Environment {
  return { ...process.env };
}

function readEnvFile(file: string, mustExist: boolean): Environment {
  if (file === '') return {};
  try {
    return parseEnv(readFileSync(file, 'utf8').replace(/^\uFEFF/, ''));
  } catch (error) {
    if (!mustExist && (error as NodeJS.ErrnoException).code === 'ENOENT') return {};
    throw new OperatorError(`The settings file ${file} cannot be read: ${messageOf(error)}`, 'settings');
  }
}

import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { OperatorError } from '../core/errors.ts';
import { describeFileError, shownPath } from '../core/file-error.ts';
import { parseEnvFile } from './env-file.ts';

/** Variables by name, as a process gets them. */
export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The variables of this process, over those of the file that `ENV_FILE` names (default `.env` in the working directory,
 * which may be missing; an empty `ENV_FILE` reads none).
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
  // Where it was looked for, since a relative name counts from the working directory.
  const path = resolve(file);
  return parseEnvFile(path, readBytes(path, mustExist));
}

function readBytes(path: string, mustExist: boolean): Uint8Array {
  try {
    return readFileSync(path);
  } catch (error) {
    if (!mustExist && (error as NodeJS.ErrnoException).code === 'ENOENT') return new Uint8Array();
    throw new OperatorError(
      `The settings file ${shownPath(path)} cannot be read: ${describeFileError(error)}`,
      'settings',
    );
  }
}

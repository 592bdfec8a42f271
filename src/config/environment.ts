import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { OperatorError } from '../core/errors.ts';
import { describeFileError, shownPath } from '../core/file-error.ts';
import { parseEnvFile } from './env-file.ts';

/** Variables by name, as a process gets them. */
export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Reads the variables of this process, and those of the file that `ENV_FILE` names. The variables
 * of the process win. The default file is `.env` in the working directory, and may be missing; an
 * empty `ENV_FILE` names no file.
 */
export function readEnvironment(): Environment {
  const file = process.env['ENV_FILE'] ?? '.env';
  return { ...readEnvFile(file, process.env['ENV_FILE'] !== undefined), ...process.env };
}

/**
 * The variables of this process alone, for programs that must not read a `.env` file by accident.
 */
export function processEnvironment(): Environment {
  return { ...process.env };
}

function readEnvFile(file: string, mustExist: boolean): Environment {
  if (file === '') return {};
  // A relative name counts from the working directory, so the message has the full path.
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

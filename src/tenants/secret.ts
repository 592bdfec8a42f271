import { readFileSync } from 'node:fs';
import type { Environment } from '../config/environment.ts';
import { CodedError } from '../core/errors.ts';
import type { SecretReference } from './tenant.ts';

/**
 * The secret that a reference points to. A file is read at each use, so that a rotated secret is taken up
 * without a restart.
 *
 * @throws {CodedError} SECRET_UNREADABLE; it names the reference, never the value.
 */
export function readSecret(reference: SecretReference, environment: Environment): string {
  const secret = 'env' in reference ? readVariable(environment, reference.env) : readFile(reference.file);
  if (secret) return secret;
  const place = 'env' in reference ? `environment variable ${reference.env}` : `file ${reference.file}`;
  throw new CodedError('SECRET_UNREADABLE', `the ${place} is missing or empty`);
}

// Not `toString`, which every object has.
function readVariable(environment: Environment, name: string): string | undefined {
  return Object.hasOwn(environment, name) ? environment[name] : undefined;
}

function readFile(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8').trimEnd();
  } catch {
    return undefined;
  }
}

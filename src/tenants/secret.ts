import { isUtf8 } from 'node:buffer';
import { readFileSync } from 'node:fs';
import type { Environment } from '../config/environment.ts';
import { CodedError, messageOf } from '../core/errors.ts';
import { decodeUtf8 } from '../core/utf8.ts';
import { signingIssue } from './signing-secret.ts';
import type { SecretReference, Tenant } from './tenant.ts';

/**
 * Reads the secret of a reference. It reads a file at each use, so a rotated secret works without a
 * restart.
 *
 * @throws {CodedError} SECRET_UNREADABLE; it names the reference, never the value.
 */
export function readSecret(reference: SecretReference, environment: Environment): string {
  const bytes = 'env' in reference ? undefined : readFile(reference.file);
  const secret = 'env' in reference ? readVariable(environment, reference.env) : decoded(bytes);
  if (secret) return secret;
  const place = 'env' in reference ? `environment variable ${reference.env}` : `file ${reference.file}`;
  const isOfAnotherEncoding = bytes !== undefined && !isUtf8(bytes);
  const issue = isOfAnotherEncoding ? 'is not UTF-8' : 'is missing or empty';
  throw new CodedError('SECRET_UNREADABLE', `the ${place} ${issue}`);
}

/** The secret references of a tenant with their paths. */
export function secretReferencesOf({ clientSecret, callback }: Tenant): [string, SecretReference][] {
  const references = {
    '.clientSecret': clientSecret,
    '.callback.secret': callback?.secret,
    '.callback.previousSecret': callback?.previousSecret,
  };
  return Object.entries(references).flatMap(([path, reference]) => (reference ? [[path, reference]] : []));
}

/** The errors of a tenant's secrets, each with its path; empty when all are usable. */
export function secretIssues(
  tenant: Tenant,
  environment: Environment,
  which: 'all' | 'those that are there' = 'all',
): string[] {
  return secretReferencesOf(tenant).flatMap(([path, reference]) => {
    try {
      const secret = readSecret(reference, environment);
      const issue = path.startsWith('.callback') ? signingIssue(secret) : undefined;
      return issue === undefined ? [] : [`${path}: ${issue}`];
    } catch (error) {
      return which === 'all' ? [`${path}: ${messageOf(error)}`] : [];
    }
  });
}

// Not inherited fields such as `toString`.
function readVariable(environment: Environment, name: string): string | undefined {
  return Object.hasOwn(environment, name) ? environment[name] : undefined;
}

function decoded(bytes: Uint8Array | undefined): string | undefined {
  return bytes && decodeUtf8(bytes)?.trimEnd();
}

function readFile(file: string): Uint8Array | undefined {
  try {
    return readFileSync(file);
  } catch {
    return undefined;
  }
}

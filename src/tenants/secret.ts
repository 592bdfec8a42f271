import type { Environment } from '../config/environment.ts';
import { readReference } from '../config/reference.ts';
import { CodedError, messageOf } from '../core/errors.ts';
import { signingIssue } from './signing-secret.ts';
import type { SecretReference, Tenant } from './tenant.ts';

/**
 * Reads the secret of a reference. It reads a file at each use, so a rotated secret works without a
 * restart.
 *
 * @throws {CodedError} SECRET_UNREADABLE; it names the reference, never the value.
 */
export function readSecret(reference: SecretReference, environment: Environment): string {
  const read = readReference(reference, environment);
  if ('secret' in read) return read.secret;
  throw new CodedError('SECRET_UNREADABLE', read.issue);
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

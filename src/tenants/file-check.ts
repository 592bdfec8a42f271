import { statSync } from 'node:fs';
import type { Environment } from '../config/environment.ts';
import { messageOf } from '../core/errors.ts';
import { load } from './registry.ts';
import { secretIssues } from './secret.ts';
import type { Tenant } from './tenant.ts';

/** The last check of the file. It is checked again when the file changes. */
interface Looked {
  readonly version: string;
  readonly tenants: readonly Tenant[];
  readonly issue?: string;
}

const looked = new Map<string, Looked>();

/**
 * The errors of the tenants file that a worker would report, for a process that needs no tenants.
 * Such a process may lack the file and the secrets, so a missing one is no error; a secret of a
 * wrong form is one.
 */
export function tenantsFileWarnings(file: string, environment: Environment): string[] {
  const version = versionOf(file);
  if (version === undefined) return [];
  const before = looked.get(file);
  const { tenants, issue } = before?.version === version ? before : look(file, version);
  if (issue !== undefined) return [issue];
  const issues = tenants.flatMap((tenant, index) =>
    secretIssues(tenant, environment, 'those that are there').map((found) => `tenants[${index}]${found}`),
  );
  return issues.length === 0 ? [] : [`The tenants file ${file} is wrong: ${issues.join('; ')}`];
}

function versionOf(file: string): string | undefined {
  const found = statSync(file, { throwIfNoEntry: false });
  return found && `${found.ino} ${found.mtimeMs} ${found.size}`;
}

function look(file: string, version: string): Looked {
  const found = { version, ...read(file) };
  looked.set(file, found);
  return found;
}

function read(file: string): Omit<Looked, 'version'> {
  try {
    return { tenants: load({ file, environment: {}, requireSecrets: false }) };
  } catch (error) {
    // The warning is one sentence, so the lines of the error become parts of it.
    return {
      tenants: [],
      issue: messageOf(error)
        .replace(/:\n\s*/, ': ')
        .replace(/\n\s*/g, '; '),
    };
  }
}

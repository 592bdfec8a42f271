import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { Environment } from '../../../src/config/environment.ts';
import { OperatorError } from '../../../src/core/errors.ts';
import { loadTenants, type TenantRegistry } from '../../../src/tenants/registry.ts';

/** A tenant with the required fields and these. */
export function tenantOf(fields: Readonly<Record<string, unknown>> = {}): Record<string, unknown> {
  return {
    id: 'acme',
    dialect: 'guest',
    region: 'mypurecloud.de',
    clientId: 'acme-client',
    clientSecret: { env: 'ACME_CLIENT_SECRET' },
    ...fields,
  };
}

/** A folder for the files of the current test. */
export function createFolder() {
  const folder = mkdtempSync(join(tmpdir(), 'gwm-tenants-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const pathOf = (name: string) => join(folder, name);
  return {
    pathOf,
    /** Writes a text unchanged, and any other value as JSON. @returns the path */
    write(name: string, content: unknown): string {
      writeFileSync(pathOf(name), typeof content === 'string' ? content : JSON.stringify(content));
      return pathOf(name);
    },
  };
}

export interface LoadOptions {
  readonly environment?: Environment;
  readonly requireSecrets?: boolean;
  readonly partitionsOf?: (tenantId: string) => readonly number[];
}

/** The tenants of a file with this content. */
export function load(content: unknown, options: LoadOptions = {}): TenantRegistry {
  const file = createFolder().write('tenants.json', content);
  return loadTenants({ file, environment: {}, requireSecrets: false, ...options });
}

/**
 * The lines of the error of a file with this content, without the heading. Empty if it is valid.
 */
export function issuesOf(content: unknown, options: LoadOptions = {}): string[] {
  return complaintOf(() => load(content, options))
    .split('\n')
    .slice(1)
    .map((line) => line.trim());
}

/** The whole error of `act`. Empty if it throws none. */
export function complaintOf(act: () => unknown): string {
  try {
    act();
    return '';
  } catch (error) {
    if (error instanceof OperatorError) return error.message;
    throw error;
  }
}

import { readFileSync } from 'node:fs';
import type { Environment } from '../config/environment.ts';
import { type ContentPolicy, createContentPolicy } from '../content/policy.ts';
import { checked } from '../core/checked.ts';
import { CodedError, messageOf, OperatorError } from '../core/errors.ts';
import { describeFault } from '../core/faults.ts';
import { readSecret } from './secret.ts';
import { sharingFaults } from './sharing.ts';
import { type SecretReference, type Tenant, tenantsFileSchema } from './tenant.ts';

/** The tenants of this process; replaced as a whole by {@link TenantRegistry.reload}. */
export interface TenantRegistry {
  /** @throws {CodedError} TENANT_UNKNOWN */
  get(tenantId: string): Tenant;
  has(tenantId: string): boolean;
  ids(): string[];
  /** The default patterns with the tenant's own; the default ones alone for a tenant that is not known. */
  policyOf(tenantId: string): ContentPolicy;
  /** @throws {CodedError} SECRET_UNREADABLE */
  secret(reference: SecretReference): string;
  /**
   * Reads the file again. On any fault the tenants stay as they were.
   * @throws {OperatorError} naming every fault.
   */
  reload(): void;
}

export interface RegistryOptions {
  readonly file: string;
  readonly environment: Environment;
  /** Workers need every secret at hand; who only enqueues needs none. */
  readonly requireSecrets: boolean;
  /** Hash slots over which tenants are spread; one by default. */
  readonly partitions?: number;
}

interface Loaded {
  readonly tenants: ReadonlyMap<string, Tenant>;
  readonly policies: ReadonlyMap<string, ContentPolicy>;
}

/** @throws {OperatorError} naming every fault of the file with its path. */
export function loadTenants(options: RegistryOptions): TenantRegistry {
  const defaultPolicy = createContentPolicy();
  let loaded = load(options);
  return {
    get(tenantId) {
      const tenant = loaded.tenants.get(tenantId);
      if (tenant) return tenant;
      throw new CodedError('TENANT_UNKNOWN', `no tenant ${JSON.stringify(tenantId)} in ${options.file}`);
    },
    has: (tenantId) => loaded.tenants.has(tenantId),
    ids: () => [...loaded.tenants.keys()],
    policyOf: (tenantId) => loaded.policies.get(tenantId) ?? defaultPolicy,
    secret: (reference) => readSecret(reference, options.environment),
    reload() {
      loaded = load(options);
    },
  };
}

function load({ file, environment, requireSecrets, partitions = 1 }: RegistryOptions): Loaded {
  const tenants = parseTenants(file, readText(file));
  const faults = sharingFaults(tenants, partitions);
  if (faults.length > 0) throw faulty(file, faults);
  if (requireSecrets) checkSecrets(file, tenants, environment);
  return {
    tenants: new Map(tenants.map((tenant) => [tenant.id, tenant])),
    policies: new Map(
      tenants.map((tenant) => [tenant.id, createContentPolicy(tenant.blockedPatterns, tenant)]),
    ),
  };
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    const missing = (error as NodeJS.ErrnoException).code === 'ENOENT';
    const remedy = missing ? ' Copy tenants.example.json, or set TENANTS_FILE to where it is.' : '';
    throw new OperatorError(`The tenants file ${file} cannot be read: ${messageOf(error)}.${remedy}`);
  }
}

function parseTenants(file: string, text: string): Tenant[] {
  const parsed = checked(tenantsFileSchema, parseJson(file, text));
  if (parsed.ok) return parsed.data.tenants;
  throw faulty(file, parsed.faults.map(describeFault));
}

function parseJson(file: string, text: string): unknown {
  try {
    return JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch (error) {
    // The parser quotes what it stumbled over, which may be a secret in the wrong place: position only.
    const position = /position \d+( \(line \d+ column \d+\))?/.exec(messageOf(error))?.[0];
    throw new OperatorError(`The tenants file ${file} is not JSON${position ? ` at ${position}` : ''}.`);
  }
}

function checkSecrets(file: string, tenants: readonly Tenant[], environment: Environment): void {
  const faults: string[] = [];
  tenants.forEach((tenant, index) => {
    const references = {
      clientSecret: tenant.clientSecret,
      'callback.secret': tenant.callback?.secret,
      'callback.previousSecret': tenant.callback?.previousSecret,
    };
    for (const [path, reference] of Object.entries(references)) {
      try {
        if (reference) readSecret(reference, environment);
      } catch (error) {
        faults.push(`tenants[${index}].${path}: ${messageOf(error)}`);
      }
    }
  });
  if (faults.length > 0) throw faulty(file, faults);
}

function faulty(file: string, faults: readonly string[]): OperatorError {
  return new OperatorError([`The tenants file ${file} is wrong:`, ...faults.map((f) => `  ${f}`)].join('\n'));
}

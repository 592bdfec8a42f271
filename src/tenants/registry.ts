import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { Environment } from '../config/environment.ts';
import { type ContentPolicy, createContentPolicy } from '../content/policy/policy.ts';
import { checked } from '../core/checked.ts';
import { CodedError, messageOf, OperatorError } from '../core/errors.ts';
import { describeFileError, shownPath } from '../core/file-error.ts';
import { describeIssue } from '../core/issues.ts';
import { decodeUtf8, firstBadByte } from '../core/utf8.ts';
import { type Reload, type Renewed, renew } from './renew.ts';
import { readSecret, secretIssues, secretReferencesOf } from './secret.ts';
import { type PartitionsOf, sharingIssues } from './sharing.ts';
import { type SecretReference, type Tenant, tenantsFileSchema } from './tenant.ts';

/** The result of reading the tenants file again. */
export interface TenantsReload extends Reload {
  /** Digest of the file. Equal files have the same one. */
  readonly digest: string;
}

/** The tenants of this process. {@link TenantRegistry.reload} replaces all of them at once. */
export interface TenantRegistry {
  /** @throws {CodedError} TENANT_UNKNOWN */
  get(tenantId: string): Tenant;
  has(tenantId: string): boolean;
  ids(): string[];
  /** The default patterns and those of the tenant; only the default ones for an unknown tenant. */
  policyOf(tenantId: string): ContentPolicy;
  /** @throws {CodedError} SECRET_UNREADABLE */
  secret(reference: SecretReference): string;
  /**
   * Reads the file again. A tenant with errors stays as it was, and does not hold up the others.
   * @param environment the current variables, which `{"env": …}` refers to.
   * @throws {OperatorError} when the file has no list of tenants; then all stay as they were.
   */
  reload(environment?: Environment): TenantsReload;
}

export interface RegistryOptions {
  readonly file: string;
  readonly environment: Environment;
  /** Workers need every secret; producers need no secret. */
  readonly requireSecrets: boolean;
  /** The partitions of a tenant; one for all by default. */
  readonly partitionsOf?: PartitionsOf;
}

/** Enough to tell files apart, and too little to find a secret with. */
const DIGEST_LENGTH = 12;

/** @throws {OperatorError} naming every error of the file with its path. */
export function loadTenants(options: RegistryOptions): TenantRegistry {
  const defaultPolicy = createContentPolicy();
  let environment = options.environment;
  let tenants = byId(load(options));
  let policies = policiesOf(tenants);
  return {
    get(tenantId) {
      const tenant = tenants.get(tenantId);
      if (tenant) return tenant;
      throw new CodedError('TENANT_UNKNOWN', `there is no such tenant in ${options.file}`);
    },
    has: (tenantId) => tenants.has(tenantId),
    ids: () => [...tenants.keys()],
    policyOf: (tenantId) => policies.get(tenantId) ?? defaultPolicy,
    secret: (reference) => readSecret(reference, environment),
    reload(environmentNow = environment) {
      const { file, partitionsOf = ONE_FOR_ALL, requireSecrets } = options;
      const text = readText(file);
      const json = parseJson(file, text);
      const renewed = renew(json, tenants, {
        partitionsOf,
        secretIssues: (tenant) => (requireSecrets ? secretIssues(tenant, environmentNow) : []),
      });
      if (!renewed) throw new OperatorError(`The tenants file ${file} has no list of "tenants".`);
      environment = { ...environmentNow, ...variablesOf(renewed, environment) };
      tenants = byId(renewed.tenants);
      policies = policiesOf(tenants);
      return { ...renewed, digest: createHash('sha256').update(text).digest('hex').slice(0, DIGEST_LENGTH) };
    },
  };
}

function byId(tenants: readonly Tenant[]): ReadonlyMap<string, Tenant> {
  return new Map(tenants.map((tenant) => [tenant.id, tenant]));
}

function policiesOf(tenants: ReadonlyMap<string, Tenant>): ReadonlyMap<string, ContentPolicy> {
  return new Map(
    [...tenants].map(([id, tenant]) => [id, createContentPolicy(tenant.blockedPatterns, tenant)]),
  );
}

/** The old values of variables that only kept tenants refer to: these tenants keep them. */
function variablesOf({ tenants, kept }: Renewed, before: Environment): Environment {
  const namesIn = (some: readonly Tenant[]) =>
    some.flatMap((tenant) =>
      secretReferencesOf(tenant).flatMap(([, reference]) => ('env' in reference ? [reference.env] : [])),
    );
  const renewed = new Set(namesIn(tenants.filter((tenant) => !kept.includes(tenant))));
  const names = namesIn(kept).filter((name) => !renewed.has(name));
  return Object.fromEntries(names.map((name) => [name, before[name]]));
}

/**
 * Loads the tenants of a file.
 * @throws {OperatorError} naming every error with its path.
 */
export function load({ file, environment, requireSecrets, partitionsOf }: RegistryOptions): Tenant[] {
  const tenants = parseTenants(file, readText(file));
  requireTogether(file, tenants, partitionsOf ?? ONE_FOR_ALL);
  if (requireSecrets) checkSecrets(file, tenants, environment);
  return tenants;
}

/** @throws {OperatorError} when tenants that share a bucket are in different partitions. */
export function requireTogether(file: string, tenants: readonly Tenant[], partitionsOf: PartitionsOf): void {
  const issues = sharingIssues(tenants, partitionsOf);
  if (issues.length > 0) throw wrongFile(file, issues);
}

const ONE_FOR_ALL = () => [0];

function readText(file: string): string {
  const bytes = readBytes(file);
  const text = decodeUtf8(bytes);
  if (text !== undefined) return text;
  throw new OperatorError(
    `The tenants file ${file} is not UTF-8 from byte ${firstBadByte(bytes)} on. Save it in that encoding.`,
    'settings',
  );
}

function readBytes(file: string): Uint8Array {
  try {
    return readFileSync(file);
  } catch (error) {
    const missing = (error as NodeJS.ErrnoException).code === 'ENOENT';
    const remedy = missing ? ' Copy tenants.example.json, or set TENANTS_FILE to where it is.' : '';
    throw new OperatorError(
      `The tenants file ${shownPath(file)} cannot be read: ${describeFileError(error)}.${remedy}`,
      'settings',
    );
  }
}

function parseTenants(file: string, text: string): Tenant[] {
  const parsed = checked(tenantsFileSchema, parseJson(file, text));
  if (parsed.ok) return parsed.data.tenants;
  throw wrongFile(file, parsed.issues.map(describeIssue));
}

function parseJson(file: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    // The parser quotes the text around the error, which may be a secret. So the message has only
    // the position.
    const position = /position \d+( \(line \d+ column \d+\))?/.exec(messageOf(error))?.[0];
    throw new OperatorError(
      `The tenants file ${file} is not JSON${position ? ` at ${position}` : ''}.`,
      'settings',
    );
  }
}

function checkSecrets(file: string, tenants: readonly Tenant[], environment: Environment): void {
  const issues = tenants.flatMap((tenant, index) =>
    secretIssues(tenant, environment).map((issue) => `tenants[${index}]${issue}`),
  );
  if (issues.length > 0) throw wrongFile(file, issues);
}

function wrongFile(file: string, issues: readonly string[]): OperatorError {
  return new OperatorError(
    [`The tenants file ${file} is wrong:`, ...issues.map((f) => `  ${f}`)].join('\n'),
    'settings',
  );
}

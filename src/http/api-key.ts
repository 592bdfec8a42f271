/** To be replaced by src/access. */
export const SCOPES = ['send', 'read', 'operate', 'admin'] as const;
export type Scope = (typeof SCOPES)[number];
export interface ApiKey {
  readonly id: string;
  readonly name: string;
  readonly tenants: readonly string[] | 'all';
  readonly scopes: readonly Scope[];
  readonly createdAt: string;
  readonly expiresAt: string | null;
  readonly lastUsedAt: string | null;
}
export interface ApiKeys {
  verify(secret: string): Promise<ApiKey | undefined>;
  hasAny(): Promise<boolean>;
}
export function mayUse(key: Pick<ApiKey, 'tenants' | 'scopes'>, scope: Scope, tenantId?: string): boolean {
  const scoped = key.scopes.includes(scope) || key.scopes.includes('admin');
  return scoped && (tenantId === undefined || key.tenants === 'all' || key.tenants.includes(tenantId));
}

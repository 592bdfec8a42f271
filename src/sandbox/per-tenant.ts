/** Creates one value for each tenant at its first use. Tenants share nothing. */
export function perTenant<T>(create: () => T): (tenant: string) => T {
  const values = new Map<string, T>();
  return (tenant) => {
    const found = values.get(tenant);
    if (found !== undefined) return found;
    const created = create();
    values.set(tenant, created);
    return created;
  };
}

/** One thing for each tenant, made when it is first asked for; nothing of one tenant is seen by another. */
export function perTenant<T>(create: () => T): (tenant: string) => T {
  const things = new Map<string, T>();
  return (tenant) => {
    const found = things.get(tenant);
    if (found !== undefined) return found;
    const created = create();
    things.set(tenant, created);
    return created;
  };
}

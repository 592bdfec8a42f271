/**
 * The address of a path on a host of a tenant. A host may have a path of its own, such as that of a gateway in front of
 * Genesys Cloud: it stands before every path.
 *
 * @param path begins with `/`, and may have a query
 */
export function addressAt(host: string, path: string): URL {
  return new URL(`${host.replace(/\/+$/, '')}${path}`);
}

/** What cannot be the address of a host, to which paths are added; undefined where nothing speaks against it. */
export function hostIssue(address: string): string | undefined {
  // By its characters: a bare `?` or `#` leaves no trace in a parsed address.
  if (/[?#]/.test(address))
    return 'expected an address without a query and a fragment: paths are added to it';
  return undefined;
}

/**
 * The address of a path on a host of a tenant. A host may have a path of its own, such as a
 * gateway's; it comes first.
 *
 * @param path begins with `/`, and may have a query
 */
export function addressAt(host: string, path: string): URL {
  return new URL(`${host.replace(/\/+$/, '')}${path}`);
}

/** Why an address cannot be a host, to which paths are added; undefined when it can. */
export function hostIssue(address: string): string | undefined {
  // Checks the text: a parsed address loses a lone `?` or `#`.
  if (/[?#]/.test(address))
    return 'expected an address without query and fragment: a worker adds paths to it';
  return undefined;
}

import { CodedError } from '../../../src/core/errors.ts';

/**
 * Refuses fields without a counterpart, unless the job leaves them out on purpose. A producer with a
 * tenants file has refused them before.
 * @throws {CodedError} CAPABILITY_UNAVAILABLE with the names of the fields.
 */
export function requireSupported(
  unsupported: readonly string[],
  { ignoreUnsupported }: { readonly ignoreUnsupported?: boolean | undefined },
): void {
  if (ignoreUnsupported || unsupported.length === 0) return;
  const names = unsupported.slice(0, 20).join(', ');
  const message = `the dialect platform has no counterpart of ${names}; set ignoreUnsupported to true to leave them out`;
  throw new CodedError('CAPABILITY_UNAVAILABLE', message, { details: unsupported.slice(0, 20) });
}

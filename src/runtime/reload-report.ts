import { z } from 'zod';
import type { TenantRegistry, TenantsReload } from '../tenants/registry.ts';

const reader = z.object({
  command: z.enum(['worker', 'serve']),
  /** The last request that the process followed. */
  request: z.number(),
  status: z.enum(['unchanged', 'reloaded', 'with-errors', 'failed']),
  tenants: z.number().optional(),
  errors: z.number().optional(),
  file: z.string().optional(),
  at: z.number().optional(),
});

/** What a process says in Redis about the tenants file. It has no content of the file. */
export type Reader = z.output<typeof reader>;

/** What one process did with a request to read the tenants file again. */
export interface ReadReport {
  readonly process: string;
  readonly command: 'worker' | 'serve' | null;
  /**
   * `with-errors`: the tenants with errors stay as they were. `failed`: all do. `silent`: no report
   * came in time, and the process may follow later.
   */
  readonly status: 'reloaded' | 'with-errors' | 'failed' | 'silent';
  readonly tenants: number | null;
  /** How many errors; the log of the process has their text. */
  readonly errors: number | null;
  /** A digest of the file. Each machine may have a file of its own. */
  readonly file: string | null;
  /** When the process said so, ms. */
  readonly at: number;
}

export function readerOf(
  { issues, digest }: TenantsReload,
  tenants: Pick<TenantRegistry, 'ids'>,
): Pick<Reader, 'status' | 'tenants' | 'errors' | 'file'> {
  return {
    status: issues.length > 0 ? 'with-errors' : 'reloaded',
    tenants: tenants.ids().length,
    errors: issues.length,
    file: digest,
  };
}

/** @param stored what Redis has; a value that cannot be read is no report. */
export function reportOf(process: string, stored: unknown, request: number): ReadReport {
  const parsed = reader.safeParse(stored);
  const nothing = { process, command: null, tenants: null, errors: null, file: null };
  if (!parsed.success) return { ...nothing, status: 'silent', at: 0 };
  const { command, status, tenants = null, errors = null, file = null, at = 0 } = parsed.data;
  if (parsed.data.request < request || status === 'unchanged')
    return { ...nothing, command, status: 'silent', at };
  return { process, command, status, tenants, errors, file, at };
}

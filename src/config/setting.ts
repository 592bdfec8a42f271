import type { z } from 'zod';

/** One environment variable. `.env.example` and docs/settings.md are rendered from these. */
export interface Setting<T> {
  readonly env: string;
  /** Another name of the variable, which other programs use too. It has priority over `env`. */
  readonly alias?: string;
  readonly group:
    | 'Redis'
    | 'Tenants'
    | 'Worker'
    | 'Genesys Cloud'
    | 'Guest channel'
    | 'Network'
    | 'Callbacks'
    | 'Audit'
    | 'HTTP'
    | 'Metrics'
    | 'Traces'
    | 'Logs';
  /** The meaning of the setting, with its unit; one or two sentences. */
  readonly description: string;
  /** The default as text of the environment; undefined for an optional setting. */
  readonly default: string | undefined;
  readonly schema: z.ZodType<T, string>;
  /** Messages never show the value. */
  readonly secret?: true;
}

export function setting<T>(entry: Setting<T> & { readonly default: string }): Setting<T> {
  return entry;
}

export function optional<T>(entry: Omit<Setting<T>, 'default'>): Setting<T | undefined> {
  return { ...entry, default: undefined };
}

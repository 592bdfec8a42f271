import type { Lookup } from './guard.ts';
import { guardOf, type TargetRules } from './target.ts';
import { createTransport, type Transport, type TransportOptions } from './transport.ts';

export interface GuardedTransportsOptions extends Omit<TransportOptions, 'guard'> {
  /** The lookup of the system by default. */
  readonly lookup?: Lookup;
}

/**
 * One transport for each set of rules. Transports keep connections and use them again. A connection
 * that the rules of one tenant allow must not serve a tenant whose rules forbid it.
 */
export interface GuardedTransports {
  of(rules: TargetRules): Transport;
  close(): Promise<void>;
}

export function createGuardedTransports({ lookup, ...options }: GuardedTransportsOptions): GuardedTransports {
  const transports = new Map<string, Transport>();
  return {
    of(rules) {
      const key = JSON.stringify(rules);
      const known = transports.get(key);
      if (known) return known;
      const transport = createTransport({ ...options, guard: { target: guardOf(rules), lookup } });
      transports.set(key, transport);
      return transport;
    },
    async close() {
      await Promise.all([...transports.values()].map((transport) => transport.close()));
    },
  };
}

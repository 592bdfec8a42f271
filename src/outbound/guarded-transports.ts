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
  /** The rules of a tenant stay one object until the tenants file is read again. */
  const ofRules = new WeakMap<TargetRules, Transport>();
  const transportFor = (rules: TargetRules): Transport => {
    const key = JSON.stringify(rules);
    const transport =
      transports.get(key) ?? createTransport({ ...options, guard: { target: guardOf(rules), lookup } });
    transports.set(key, transport);
    ofRules.set(rules, transport);
    return transport;
  };
  return {
    of: (rules) => ofRules.get(rules) ?? transportFor(rules),
    async close() {
      await Promise.all([...transports.values()].map((transport) => transport.close()));
    },
  };
}

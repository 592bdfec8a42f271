import { closeData, openDataText } from '../seal/job-values.ts';
import { type Place, type Seal, sealedBy } from '../seal/seal.ts';

/**
 * Seals one value again. Undefined when the first key has sealed it, when it is clear, and when it cannot
 * be opened.
 */
export type Resealing = (value: string) => { readonly text: string; readonly before: string } | undefined;

/** How each value of Redis is sealed again; its place says what it is. */
export interface Resealings {
  ledger(jobId: string): Resealing;
  attempt(jobId: string): Resealing;
  /** Undefined for a field that is never sealed. */
  endpoint(endpointId: string, field: string): Resealing | undefined;
  /** A field of a job's hash; undefined for one that is never sealed. */
  job(jobId: string, field: string): Resealing | undefined;
  /** What a parent keeps of a child. @param key of the child's hash */
  child(key: string, hasFailed: boolean): Resealing;
  /** The key of a value that another key than the first one has sealed. */
  foreignKeyIn(value: string): string | undefined;
}

const SEALED = /gwm1:[\w-]{1,40}:[\w.-]{1,64}:[\w-]{54,}/g;

export function createResealing(seal: Seal): Resealings {
  const newest = seal.keys[0]?.id;

  const foreignKeyIn = (value: string) =>
    (value.match(SEALED) ?? [])
      .map((text) => sealedBy(text)?.keyId)
      .find((id) => id !== undefined && id !== newest);

  const again = (reseal: (value: string) => string): Resealing => {
    return (value) => {
      const before = foreignKeyIn(value);
      if (before === undefined) return undefined;
      try {
        return { text: reseal(value), before };
      } catch {
        // It was changed or moved: no key opens it in this place.
        return undefined;
      }
    };
  };

  /** Base64url, words and colons stand in JSON as they are, so that each sealed text can be replaced in it. */
  const within = (what: Place['what'], id: string) =>
    again((value) =>
      value.replace(SEALED, (text) => {
        const owner = sealedBy(text);
        return owner
          ? seal.close(seal.open(text, { what, id }), { what, tenantId: owner.tenantId, id })
          : text;
      }),
    );

  const data = (jobId: string) =>
    again((json) => {
      const tenantId = sealedBy((json.match(SEALED) ?? [''])[0])?.tenantId ?? '';
      return closeData(seal, { tenantId, jobId }, openDataText(seal, jobId, json));
    });

  return {
    foreignKeyIn,
    ledger: (jobId) => within('ledger', jobId),
    attempt: (jobId) => within('attempt', jobId),
    endpoint: (endpointId, field) => (field === 'url' ? within('endpoint', endpointId) : undefined),
    child: (key, hasFailed) => within(hasFailed ? 'reason' : 'result', key.slice(key.lastIndexOf(':') + 1)),
    job(jobId, field) {
      // The hash of a schedule has the data of its jobs.
      if (field === 'data') return data(jobId.replace(/^repeat:([^:]+)$/, '$1'));
      if (field === 'returnvalue') return within('result', jobId);
      if (field === 'failedReason') return within('reason', jobId);
      if (field === 'stacktrace') return within('trace', jobId);
      return field === 'gwm:delivered' ? within('attempt', jobId) : undefined;
    },
  };
}

import type { Seal } from '../seal/seal.ts';
import type { Attempt } from './attempt.ts';
import { type Endpoint, endpointOf } from './endpoint-id.ts';

/** What the scripts of endpoints write of receivers: their addresses, and the beginnings of their answers. */

/** Addresses that a process keeps sealed: a worker writes one with each call. */
const KEPT = 1000;

/** Seals the address of an endpoint. */
export function createAddressSeal(seal: Seal): (tenantId: string, url: string) => string {
  const sealed = new Map<string, string>();
  return (tenantId, url) => {
    const endpoint = endpointOf(tenantId, url);
    if (!seal.isOn) return endpoint.url;
    const kept = sealed.get(endpoint.id);
    if (kept !== undefined) return kept;
    if (sealed.size >= KEPT) sealed.clear();
    const text = seal.close(endpoint.url, addressPlace(tenantId, endpoint.id));
    sealed.set(endpoint.id, text);
    return text;
  };
}

export function openAddress(seal: Seal, tenantId: string, endpointId: Endpoint['id'], text: string): string {
  return seal.open(text, addressPlace(tenantId, endpointId));
}

/** Attempts → their JSON. A repeated act must write the same text: by it the script finds a repetition. */
const written = new WeakMap<Attempt, string>();

/** An attempt as the log holds it. The scripts read its other fields, so only the answer is sealed. */
export function writeAttempt(seal: Seal, tenantId: string, jobId: string, attempt: Attempt): string {
  const { answer } = attempt;
  if (!seal.isOn || answer === undefined) return JSON.stringify(attempt);
  const before = written.get(attempt);
  if (before !== undefined) return before;
  const text = JSON.stringify({ ...attempt, answer: seal.close(answer, attemptPlace(tenantId, jobId)) });
  written.set(attempt, text);
  return text;
}

/** @throws {CodedError} as `Seal.open`. */
export function readAttempt<Logged extends { readonly answer?: string }>(
  seal: Seal,
  tenantId: string,
  jobId: string,
  json: string,
): Logged {
  const attempt = JSON.parse(json) as Logged;
  if (attempt.answer === undefined) return attempt;
  return { ...attempt, answer: seal.open(attempt.answer, attemptPlace(tenantId, jobId)) };
}

function addressPlace(tenantId: string, id: string) {
  return { what: 'endpoint', tenantId, id } as const;
}

function attemptPlace(tenantId: string, id: string) {
  return { what: 'attempt', tenantId, id } as const;
}

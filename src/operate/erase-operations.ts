import { type Erased, type EraseParts, erase, type Subject } from '../queues/erase.ts';
import type { TenantRegistry } from '../tenants/registry.ts';
import { idOf } from '../webmessaging/sessions.ts';
import { type Author, reaches } from './author.ts';
import { defineOperation, type Target } from './operation.ts';

/** Acts on what customers wrote. The record has no id of a customer: records are kept. */
export function eraseOperations(parts: EraseParts & { readonly tenants: TenantRegistry }) {
  const { tenants } = parts;

  const find = ({ tenantId }: Subject, author: Author): Target | undefined =>
    reaches(author, tenantId) && tenants.has(tenantId)
      ? { subject: tenantId, tenants: [tenantId] }
      : undefined;

  /** The session of a conversation on the guest channel, with its token. */
  function sessionOf({ tenantId, conversationId }: Subject): string | undefined {
    const tenant = tenants.get(tenantId);
    const deploymentId = tenant.platform.webmessaging?.deploymentId;
    if (conversationId === undefined || deploymentId === undefined) return undefined;
    return idOf({ tenant, deploymentId, conversationId, run: '' });
  }

  return {
    eraseCustomer: defineOperation<Subject, Target, Erased | undefined>({
      action: 'customer.erased',
      detailsOf: ({ conversationId }) => ({ what: conversationId === undefined ? 'guest' : 'conversation' }),
      find,
      missing: undefined,
      isLong: true,
      async perform(_found, subject) {
        const result = await erase(parts, { ...subject, sessionId: sessionOf(subject) });
        const status = result.jobs + result.callbacks + result.left > 0 ? 'done' : 'nothing';
        return { status, result, details: { ...result } };
      },
    }),
  };
}

import { z } from 'zod';
import type { ScopedOperation } from '../../operation.ts';
import { genesysId, idIn, readAnswer } from '../../read-answer.ts';
import {
  REPLICATION_STATUSES,
  type Replication,
  type ReplicationRequest,
  TARGET_STATUSES,
} from './shapes.ts';

const PATH = '/api/v2/webchat/configurations/replicate';
const MAX_ERROR_LENGTH = 200;

const replicationShape = z.looseObject({
  status: wordOf(REPLICATION_STATUSES),
  targets: z
    .array(
      z.looseObject({
        organizationId: genesysId,
        status: wordOf(TARGET_STATUSES),
        error: z.string().nullable().catch(null),
      }),
    )
    .default([]),
});

/**
 * Starts a replication: Genesys Cloud copies one organization's configuration to others
 * (docs/guides.md#replicate-a-configuration).
 */
export const replicate: ScopedOperation<ReplicationRequest, { readonly replicationId: string | null }> = {
  name: 'configuration.replicate',
  method: 'POST',
  scope: 'webchat:configuration:write',
  reportsReasons: true,
  path: () => PATH,
  body: ({ sourceOrganizationId, targetOrganizationIds, overwriteExisting }) => ({
    sourceOrganizationId,
    targetOrganizationIds,
    configType: 'webchat',
    overwriteExisting,
  }),
  read: (answer) => ({ replicationId: idIn(answer) }),
};

/** Reads the progress of a replication (docs/guides.md#read-a-replication). */
export const readReplication: ScopedOperation<{ replicationId: string }, Replication> = {
  name: 'replication.read',
  method: 'GET',
  scope: 'webchat:configuration:read',
  path: ({ replicationId }) => `${PATH}/${encodeURIComponent(replicationId)}`,
  body: () => undefined,
  read: readProgress,
};

/** @throws {CodedError} ANSWER_MALFORMED, GENESYS_UNAVAILABLE */
function readProgress(answer: unknown): Replication {
  const reading = { name: readReplication.name, shape: replicationShape, code: 'ANSWER_MALFORMED' } as const;
  const { status, targets } = readAnswer(reading, answer);
  return {
    status,
    targets: targets.map((target) => ({
      organizationId: target.organizationId,
      status: target.status,
      error: target.error && printable(target.error),
    })),
  };
}

/** Genesys Cloud writes some of its words in capitals. */
function wordOf<const Words extends readonly string[]>(words: Words) {
  return z.preprocess((word) => (typeof word === 'string' ? word.toLowerCase() : word), z.enum(words));
}

function printable(text: string): string {
  return text.slice(0, MAX_ERROR_LENGTH).replace(/\p{C}/gu, '?');
}

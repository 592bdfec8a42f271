import { type PlatformOperation, row } from '../operation.ts';
import { createQueryRead, createQueryResults, createQueryStart } from './query.ts';
import { createRealtimeQuery, createRelatedQuery } from './realtime.ts';
import { createRealtimeServiceMapping, createServiceMapping } from './service-mapping.ts';

const AUDITS = '/api/v2/audits/query';

/** Queries of audit records. */
export const auditOperations: readonly PlatformOperation[] = [
  row('platform.audit.services', `GET ${AUDITS}/servicemapping`, {
    permissions: ['audits:audit:view'],
    create: createServiceMapping,
  }),
  row('platform.audit.realtimeServices', `GET ${AUDITS}/realtime/servicemapping`, {
    permissions: ['audits:audit:view'],
    create: createRealtimeServiceMapping,
  }),
  row('platform.audit.start', `POST ${AUDITS}`, {
    permissions: ['audits:audit:view'],
    create: createQueryStart,
  }),
  row('platform.audit.read', `GET ${AUDITS}/{transactionId}`, {
    permissions: ['audits:audit:view'],
    create: createQueryRead,
  }),
  row('platform.audit.results', `GET ${AUDITS}/{transactionId}/results`, {
    query: ['cursor', 'pageSize', 'expand', 'allowRedirect'],
    permissions: ['audits:audit:view'],
    create: createQueryResults,
  }),
  row('platform.audit.realtime', `POST ${AUDITS}/realtime`, {
    query: ['expand'],
    permissions: ['audits:audit:view'],
    create: createRealtimeQuery,
  }),
  row('platform.audit.related', `POST ${AUDITS}/realtime/related`, {
    query: ['expand'],
    permissions: ['audits:audit:view'],
    create: createRelatedQuery,
  }),
];

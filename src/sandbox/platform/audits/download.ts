import type { FastifyInstance } from 'fastify';
import type { World } from '../../world.ts';
import { DOWNLOAD_PATH } from './query.ts';

/** The host for files: its address alone gives a whole result. */
export function mountDownloads(scope: FastifyInstance, world: World): void {
  scope.get<{ Params: { transactionId: string } }>(DOWNLOAD_PATH, (request, reply) => {
    const { clients, auditQueries } = world.platform;
    const tenants = new Set(clients.map(({ tenant }) => tenant));
    const { transactionId } = request.params;
    const found = [...tenants]
      .map((tenant) => auditQueries.find(tenant, transactionId, world.now()))
      .find((query) => query !== undefined);
    if (found === undefined) return reply.code(404).send();
    return { entities: auditQueries.recordsOf(found) };
  });
}

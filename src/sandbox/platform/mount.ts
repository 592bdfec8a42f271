import type { FastifyInstance } from 'fastify';
import type { Endpoint } from '../requests/endpoint.ts';
import type { World } from '../world.ts';
import { mountDownloads } from './audits/download.ts';
import { mountPlatformControl } from './control/control.ts';
import { createUploadEndpoint, readUploads, UPLOAD_PATH } from './messages/upload.ts';
import type { PlatformOperation } from './operation.ts';
import { platformOperations } from './operations.ts';
import { createPlatformEndpoint } from './requests/platform-endpoint.ts';

/** Mounts an endpoint at a path in the notation of the router. */
type Mount = (
  scope: FastifyInstance,
  world: World,
  route: Pick<PlatformOperation, 'method' | 'path'>,
  endpoint: Endpoint,
) => void;

/** Mounts the dialect `platform`: its operations, the host for files and its control. */
export function mountPlatform(app: FastifyInstance, world: World, mount: Mount): void {
  for (const operation of platformOperations) {
    const path = operation.path.replaceAll(/\{(\w+)\}/g, ':$1');
    mount(app, world, { method: operation.method, path }, createPlatformEndpoint(world, operation));
  }
  app.register(async (scope) => {
    readUploads(scope);
    mount(scope, world, { method: 'PUT', path: UPLOAD_PATH }, createUploadEndpoint(world));
  });
  app.register(async (scope) => mountDownloads(scope, world));
  app.register(async (scope) => mountPlatformControl(scope, world), { prefix: '/__sandbox/platform' });
}

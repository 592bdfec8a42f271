import type { FastifyInstance } from 'fastify';
import type { World } from '../../world.ts';

export function mountPlatformControl(_scope: FastifyInstance, _world: World): void {}

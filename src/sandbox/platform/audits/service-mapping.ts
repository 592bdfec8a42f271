import type { OperationHandler } from '../../requests/arrival.ts';
import { handled, ok } from '../requests/handler.ts';
import type { PlatformSettings } from '../settings.ts';
import type { PlatformWorld } from '../world.ts';

/** A service with its entities and their actions. */
export interface AuditedService {
  readonly name: string;
  readonly entities: readonly { readonly name: string; readonly actions: readonly string[] }[];
}

/** Lists what asynchronous queries can ask for. */
export function createServiceMapping(world: PlatformWorld): OperationHandler {
  return handled(world, () => ok({ services: servicesOf(world.settings.current) }));
}

/** Lists what realtime queries can ask for. */
export function createRealtimeServiceMapping(world: PlatformWorld): OperationHandler {
  return handled(world, () => ok({ services: realtimeServicesOf(world.settings.current) }));
}

/** All services: that of web deployments, and those of the settings. */
export function servicesOf({ audits }: PlatformSettings): AuditedService[] {
  const { names, moreServices } = audits;
  const { create, update, publish } = names;
  return [
    {
      name: names.service,
      entities: [
        { name: names.configuration, actions: [create, update, publish, names.delete] },
        { name: names.deployment, actions: [create, update, names.delete] },
      ],
    },
    ...moreServices,
  ];
}

/** The services that realtime queries have. */
export function realtimeServicesOf(settings: PlatformSettings): AuditedService[] {
  const { realtimeServices } = settings.audits;
  const services = servicesOf(settings);
  return realtimeServices === null
    ? services
    : services.filter(({ name }) => realtimeServices.includes(name));
}

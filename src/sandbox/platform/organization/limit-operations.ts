import type { OperationHandler } from '../../requests/arrival.ts';
import { notFound, PlatformError } from '../requests/errors.ts';
import { handled, ok } from '../requests/handler.ts';
import { numberedPage, pageNumbers } from '../requests/numbered-page.ts';
import { createSettings } from '../settings.ts';
import { settingsSchema } from '../webmessaging/settings.ts';
import type { PlatformWorld } from '../world.ts';
import { enforcedLimits, enforcedValue, friendlyNames } from './limits.ts';

type Limits = Map<string, Map<string, number>>;

/** Lists the names of all limits' namespaces. The shape of an entry is not in the SDK. */
export function createNamespaceList(world: PlatformWorld): OperationHandler {
  return handled(world, ({ query }) => {
    const page = pageNumbers(query, world.settings.current);
    if (page instanceof PlatformError) return page;
    const names = [...limitsInEffect(world).keys()].map((name) => ({ name }));
    return ok(numberedPage(names, page, '/api/v2/organizations/limits/namespaces'));
  });
}

/** Lists the limits of one namespace, as they are in effect. */
export function createNamespaceRead(world: PlatformWorld): OperationHandler {
  return handled(world, ({ params }) => answer(limitsInEffect(world), params['namespaceName']));
}

/** Lists the limits of one namespace in an organization whose settings have their defaults. */
export function createNamespaceDefaults(world: PlatformWorld): OperationHandler {
  return handled(world, ({ params }) => answer(defaultLimits(world), params['namespaceName']));
}

/** Describes every limit (`LimitDocumentation`). */
export function createLimitDocs(world: PlatformWorld): OperationHandler {
  return handled(world, () => {
    const descriptions = new Map(
      enforcedLimits.map(({ namespace, key, description }) => [`${namespace} ${key}`, description]),
    );
    const defaults = defaultLimits(world);
    const namespaces = [...defaults].map(([name, limits]) => ({
      name,
      friendlyName: friendlyNames[name] ?? name,
      limits: [...limits].map(([key, defaultValue]) => ({
        key,
        defaultValue,
        description: descriptions.get(`${name} ${key}`) ?? 'A limit that the settings of the sandbox add.',
        configurable: true,
        trackable: false,
      })),
    }));
    return ok({ url: 'https://developer.genesys.cloud/organization/organization/limits', namespaces });
  });
}

function answer(limits: Limits, namespace = '') {
  const found = limits.get(namespace);
  if (found === undefined) return notFound();
  return ok({ entities: [...found].map(([key, value]) => ({ key, namespace, value })) });
}

function limitsInEffect(world: PlatformWorld): Limits {
  const { current } = world.settings;
  return limitsOf({ ...current, webmessaging: world.channelSettings() }, current.organization.limits);
}

function defaultLimits({ settings }: PlatformWorld): Limits {
  const defaults = { ...createSettings({}).current, webmessaging: settingsSchema.parse({}) };
  return limitsOf(defaults, settings.current.organization.limits);
}

/** The limits that settings enforce, and those of the organization's own that they do not. */
function limitsOf(settings: object, own: Readonly<Record<string, Readonly<Record<string, number>>>>): Limits {
  const limits: Limits = new Map(Object.keys(friendlyNames).map((name) => [name, new Map()]));
  for (const limit of enforcedLimits) {
    const value = enforcedValue(limit, settings);
    if (value !== undefined) limits.get(limit.namespace)?.set(limit.key, value);
  }
  for (const [namespace, values] of Object.entries(own)) {
    limits.set(namespace, new Map([...(limits.get(namespace) ?? []), ...Object.entries(values)]));
  }
  return limits;
}

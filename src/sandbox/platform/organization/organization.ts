import { MAX_BODY_BYTES } from '../../input/body.ts';
import type { OperationHandler } from '../../requests/arrival.ts';
import { notFound, PlatformError } from '../requests/errors.ts';
import { handled, ok } from '../requests/handler.ts';
import { numberedPage, pageNumbers } from '../requests/numbered-page.ts';
import type { PlatformSettings } from '../settings.ts';
import type { PlatformWorld } from '../world.ts';
import { organizationIdOf } from './identities.ts';

/** Reads the organization of the caller. */
export function createOrganizationRead(world: PlatformWorld): OperationHandler {
  return handled(world, ({ tenant }) =>
    ok({
      id: organizationIdOf(tenant),
      name: tenant,
      thirdPartyOrgName: tenant,
      domain: `${tenant}.${world.settings.current.organization.domain}`,
      defaultLanguage: 'en-us',
      defaultCountryCode: 'US',
      version: 1,
      state: 'active',
      features: {},
      productPlatform: 'GenesysCloud',
      selfUri: '/api/v2/organizations/me',
    }),
  );
}

/** Lists the names of all limits' namespaces. The shape of an entry is not in the SDK. */
export function createNamespaceList(world: PlatformWorld): OperationHandler {
  return handled(world, ({ query }) => {
    const page = pageNumbers(query);
    if (page instanceof PlatformError) return page;
    const names = [...limitsOf(world.settings.current).keys()].map((name) => ({ name }));
    return ok(numberedPage(names, page, '/api/v2/organizations/limits/namespaces'));
  });
}

/** Lists the limits of one namespace, as they are in effect. */
export function createNamespaceRead(world: PlatformWorld): OperationHandler {
  return handled(world, ({ params }) => limitsAnswer(world.settings.current, params['namespaceName']));
}

/** Lists the default limits of one namespace. In the sandbox they are those in effect. */
export function createNamespaceDefaults(world: PlatformWorld): OperationHandler {
  return createNamespaceRead(world);
}

function limitsAnswer(settings: PlatformSettings, namespace = '') {
  const limits = limitsOf(settings).get(namespace);
  if (limits === undefined) return notFound();
  return ok({ entities: Object.entries(limits).map(([key, value]) => ({ key, namespace, value })) });
}

/** The limits of the settings, by namespace. A limit of the organization's own settings wins. */
function limitsOf({ rate, organization }: PlatformSettings): Map<string, Record<string, number>> {
  const limits = new Map<string, Record<string, number>>([
    [
      'platform.api',
      {
        'client.credentials.token.rate.per.minute': rate.perToken,
        'token.rate.per.minute': rate.perToken,
        'org.app.user.rate.per.minute': rate.perClient,
        'request.bytes.max': MAX_BODY_BYTES,
      },
    ],
    ['web.messaging', { 'messages.per.session.rate.per.second': 2 }],
  ]);
  for (const [namespace, own] of Object.entries(organization.limits)) {
    limits.set(namespace, { ...limits.get(namespace), ...own });
  }
  return limits;
}

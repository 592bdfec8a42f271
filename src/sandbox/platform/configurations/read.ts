import type { OperationHandler } from '../../requests/arrival.ts';
import { cursorPage } from '../requests/cursor-page.ts';
import { invalidParameter, notFound, PlatformError } from '../requests/errors.ts';
import { handled, ok } from '../requests/handler.ts';
import type { PlatformWorld } from '../world.ts';
import { newestPublished, versionOf } from './configurations.ts';
import { shownVersion } from './shown.ts';

const PATH = '/api/v2/webdeployments/configurations';

/**
 * Lists one version of each configuration: the newest published one, or else the draft. With
 * `showOnlyPublished` it leaves out those without a published version.
 */
export function createConfigurationList(world: PlatformWorld): OperationHandler {
  return handled(world, ({ tenant, query, nowMs }) => {
    const { showOnlyPublished = 'false' } = query;
    if (!['true', 'false'].includes(showOnlyPublished)) {
      return invalidParameter('showOnlyPublished', showOnlyPublished, 'true, false');
    }
    const rows = world.configurations.visible(tenant, nowMs).flatMap((configuration) => {
      const published = newestPublished(configuration, nowMs);
      if (published === undefined && showOnlyPublished === 'true') return [];
      return [{ configuration, version: published ?? configuration.draft }];
    });
    const { maxPageSize } = world.settings.current.configurations;
    const page = cursorPage(rows, (row) => row.configuration.id, query, PATH, maxPageSize);
    if (page instanceof PlatformError) return page;
    return ok({
      entities: page.entities.map(({ configuration, version }) =>
        shownVersion(configuration, version, nowMs),
      ),
      ...page.more,
    });
  });
}

/** Lists the draft and all published versions, the newest first. */
export function createVersionList(world: PlatformWorld): OperationHandler {
  return handled(world, ({ tenant, params, query, nowMs }) => {
    const configuration = world.configurations.find(tenant, params['configurationId'] ?? '', nowMs);
    if (configuration === undefined) return notFound();
    const published = configuration.published.filter(({ visibleAtMs }) => nowMs >= visibleAtMs);
    const versions = [configuration.draft, ...published.toReversed()];
    const { maxPageSize } = world.settings.current.configurations;
    const path = `${PATH}/${configuration.id}/versions`;
    const page = cursorPage(versions, ({ version }) => version, query, path, maxPageSize);
    if (page instanceof PlatformError) return page;
    return ok({
      entities: page.entities.map((version) => shownVersion(configuration, version, nowMs)),
      ...page.more,
    });
  });
}

/** Reads one version, by its number. */
export function createVersionRead(world: PlatformWorld): OperationHandler {
  return handled(world, ({ tenant, params, nowMs }) => {
    const configuration = world.configurations.find(tenant, params['configurationId'] ?? '', nowMs);
    const version = configuration && versionOf(configuration, params['versionId'] ?? '', nowMs);
    return configuration && version ? ok(shownVersion(configuration, version, nowMs)) : notFound();
  });
}

/** Reads the draft. The other administrator may change it right after. */
export function createDraftRead(world: PlatformWorld): OperationHandler {
  return handled(world, ({ tenant, params, nowMs }) => {
    const configuration = world.configurations.find(tenant, params['configurationId'] ?? '', nowMs);
    if (configuration === undefined) return notFound();
    const answer = ok(shownVersion(configuration, configuration.draft, nowMs));
    world.foreignAdministrator.after('read', configuration, nowMs);
    return answer;
  });
}

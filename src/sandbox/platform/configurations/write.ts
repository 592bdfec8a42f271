import type { OperationHandler } from '../../requests/arrival.ts';
import { check, checkLeniently } from '../requests/check.ts';
import { brokenRule, notFound, PlatformError, resourceLimitExceeded } from '../requests/errors.ts';
import { handled, ok } from '../requests/handler.ts';
import type { PlatformSettings } from '../settings.ts';
import type { PlatformWorld } from '../world.ts';
import { type ConfigurationFields, configurationSchema, writableFields } from './model.ts';
import { shownVersion } from './shown.ts';

/** Creates a configuration as a draft. */
export function createConfigurationCreate(world: PlatformWorld): OperationHandler {
  return handled(world, ({ tenant, client, body, nowMs }) => {
    const settings = world.settings.current.configurations;
    const fields = fieldsOf(body, settings);
    if (fields instanceof PlatformError) return fields;
    const { maxConfigurations } = settings;
    const live = world.configurations.all(tenant).filter(({ deletedAtMs }) => deletedAtMs === null);
    if (maxConfigurations !== null && live.length >= maxConfigurations) {
      return resourceLimitExceeded({
        key: 'configurations.max',
        namespace: 'web.deployments',
        value: maxConfigurations,
      });
    }
    const author = { clientId: client.clientId };
    const configuration = world.configurations.create(tenant, fields, author, nowMs);
    return ok(shownVersion(configuration, configuration.draft, nowMs), 201);
  });
}

/** Replaces the whole draft. There is no precondition: the last write wins. */
export function createDraftWrite(world: PlatformWorld): OperationHandler {
  return handled(world, ({ tenant, client, params, body, nowMs }) => {
    const configuration = world.configurations.find(tenant, params['configurationId'] ?? '', nowMs);
    if (configuration === undefined || configuration.deletedAtMs !== null) return notFound();
    const fields = fieldsOf(body, world.settings.current.configurations);
    if (fields instanceof PlatformError) return fields;
    world.configurations.write(configuration, fields, { clientId: client.clientId }, nowMs);
    const answer = ok(shownVersion(configuration, configuration.draft, nowMs));
    world.foreignAdministrator.after('write', configuration, nowMs);
    return answer;
  });
}

/** Publishes the draft as the next version. A draft that is not active yet is refused with 400. */
export function createDraftPublish(world: PlatformWorld): OperationHandler {
  return handled(world, ({ tenant, client, params, nowMs }) => {
    const configuration = world.configurations.find(tenant, params['configurationId'] ?? '', nowMs);
    if (configuration === undefined || configuration.deletedAtMs !== null) return notFound();
    if (nowMs < configuration.draft.activeAtMs) {
      return new PlatformError(400, 'illegal.operation', 'Unable to perform the requested operation');
    }
    const version = world.configurations.publish(configuration, { clientId: client.clientId }, nowMs);
    const answer = ok(shownVersion(configuration, version, nowMs));
    world.foreignAdministrator.after('publish', configuration, nowMs);
    return answer;
  });
}

/** Deletes a configuration, unless a deployment uses one of its versions. */
export function createConfigurationDelete(world: PlatformWorld): OperationHandler {
  return handled(world, ({ tenant, client, params, nowMs }) => {
    const configuration = world.configurations.find(tenant, params['configurationId'] ?? '', nowMs);
    if (configuration === undefined || configuration.deletedAtMs !== null) return notFound();
    const isUsed = world.deployments.useConfiguration(configuration.id);
    if (isUsed) return new PlatformError(409, 'resource.conflict', 'Resource is used by another');
    world.configurations.remove(configuration, { clientId: client.clientId }, nowMs);
    return ok(undefined, 204);
  });
}

function fieldsOf(
  body: unknown,
  settings: PlatformSettings['configurations'],
): ConfigurationFields | PlatformError {
  const checked =
    settings.unknownFields === 'drop'
      ? checkLeniently(configurationSchema, body)
      : check(configurationSchema, body);
  if (checked instanceof PlatformError) return checked;
  const fields = writableFields(checked);
  return broken(fields, settings) ?? fields;
}

/** The rules that no single field has. */
function broken(
  { name, messenger, languages, defaultLanguage }: ConfigurationFields,
  { checksColor, checksDefaultLanguage, maxNameCharacters }: PlatformSettings['configurations'],
): PlatformError | undefined {
  if (maxNameCharacters !== null && [...name].length > maxNameCharacters) {
    return brokenRule('name', `must not be longer than ${maxNameCharacters} characters`);
  }
  const color = messenger?.styles?.primaryColor;
  if (checksColor && color && !/^#[0-9a-f]{6}$/i.test(color)) {
    return brokenRule('messenger.styles.primaryColor', 'must be # and six hexadecimal digits');
  }
  if (!messenger?.enabled) return undefined;
  if (!languages?.length) return brokenRule('languages', 'is required if the messenger is enabled');
  if (!defaultLanguage) return brokenRule('defaultLanguage', 'is required if the messenger is enabled');
  if (checksDefaultLanguage && !languages.includes(defaultLanguage)) {
    return brokenRule('defaultLanguage', 'must be one of the languages');
  }
  return undefined;
}

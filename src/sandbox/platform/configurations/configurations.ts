import { randomUUID } from 'node:crypto';
import type { AuditLog, Author } from '../audits/audit-log.ts';
import { propertyChangesOf } from '../audits/audit-log.ts';
import type { SettingsHolder } from '../settings.ts';
import type { ConfigurationFields } from './model.ts';

/** The name of the version that can be changed. */
export const DRAFT = 'DRAFT';

/** One version of a configuration. Published versions never change. */
export interface ConfigurationVersion {
  /** `DRAFT`, or a whole number as a text. */
  readonly version: string;
  readonly fields: ConfigurationFields;
  readonly createdAtMs: number;
  readonly modifiedAtMs: number;
  readonly publishedAtMs: number | null;
  /** Before this time the version is 404. */
  readonly visibleAtMs: number;
  /** Before this time it is `Pending`. */
  readonly activeAtMs: number;
  readonly author: Author;
}

/** A configuration with its draft and its published versions, the oldest first. */
export interface Configuration {
  readonly id: string;
  readonly tenant: string;
  /** False for one that the sandbox has by itself: lists leave it out, and its id finds it. */
  readonly isListed: boolean;
  draft: ConfigurationVersion;
  readonly published: ConfigurationVersion[];
  deletedAtMs: number | null;
}

/** The configurations of all tenants. Every change leaves an audit record. */
export interface Configurations {
  /** The listed configurations that can be seen by now, the oldest first. */
  visible(tenant: string, nowMs: number): Configuration[];
  /** All listed configurations, also those that cannot be seen yet or any more. */
  all(tenant: string): Configuration[];
  /** Undefined while it cannot be seen. */
  find(tenant: string, id: string, nowMs: number): Configuration | undefined;
  create(tenant: string, fields: ConfigurationFields, author: Author, nowMs: number): Configuration;
  /** Replaces the draft. The last write wins. */
  write(configuration: Configuration, fields: ConfigurationFields, author: Author, nowMs: number): void;
  /** Publishes the draft as the next version. */
  publish(configuration: Configuration, author: Author, nowMs: number): ConfigurationVersion;
  remove(configuration: Configuration, author: Author, nowMs: number): void;
  /** Adds a configuration that is visible, active and published at once, without an audit record. */
  seed(
    tenant: string,
    id: string,
    fields: ConfigurationFields,
    nowMs: number,
    more?: { readonly version?: string; readonly isListed?: boolean },
  ): Configuration;
}

/** A store without configurations. Time alone changes what can be seen; it has no timer. */
export function createConfigurations(settings: SettingsHolder, audits: AuditLog): Configurations {
  const byId = new Map<string, Configuration>();

  function isGone({ deletedAtMs }: Configuration, nowMs: number): boolean {
    return deletedAtMs !== null && nowMs >= deletedAtMs + settings.current.configurations.deletingForMs;
  }

  function isVisible(configuration: Configuration, nowMs: number): boolean {
    return nowMs >= configuration.draft.visibleAtMs && !isGone(configuration, nowMs);
  }

  function ofTenant(tenant: string): Configuration[] {
    return [...byId.values()].filter((each) => each.tenant === tenant && each.isListed);
  }

  function note(
    { tenant, id, draft }: Configuration,
    action: 'create' | 'update' | 'publish' | 'delete',
    author: Author,
    nowMs: number,
    before: object = draft.fields,
  ): void {
    const propertyChanges = propertyChangesOf(before, draft.fields);
    const entity = { id, name: draft.fields.name };
    audits.note(tenant, { kind: 'configuration', action, entity, propertyChanges }, author, nowMs);
  }

  function publish(configuration: Configuration, author: Author, nowMs: number): ConfigurationVersion {
    const { notFoundForMs, pendingForMs } = settings.current.configurations;
    const version: ConfigurationVersion = {
      version: nextVersionOf(configuration),
      fields: configuration.draft.fields,
      createdAtMs: configuration.draft.createdAtMs,
      modifiedAtMs: configuration.draft.modifiedAtMs,
      publishedAtMs: nowMs,
      visibleAtMs: nowMs + notFoundForMs,
      activeAtMs: nowMs + pendingForMs,
      author,
    };
    configuration.published.push(version);
    note(configuration, 'publish', author, nowMs);
    return version;
  }

  return {
    visible: (tenant, nowMs) => ofTenant(tenant).filter((each) => isVisible(each, nowMs)),
    all: ofTenant,
    find(tenant, id, nowMs) {
      const found = byId.get(id);
      return found?.tenant === tenant && isVisible(found, nowMs) ? found : undefined;
    },
    create(tenant, fields, author, nowMs) {
      const { notFoundForMs, pendingForMs, publishesOnCreate } = settings.current.configurations;
      const draft = {
        ...draftOf(fields, author, nowMs),
        visibleAtMs: nowMs + notFoundForMs,
        activeAtMs: nowMs + pendingForMs,
      };
      const configuration = newConfiguration(tenant, randomUUID(), draft);
      byId.set(configuration.id, configuration);
      note(configuration, 'create', author, nowMs, {});
      if (publishesOnCreate) publish(configuration, author, nowMs);
      return configuration;
    },
    write(configuration, fields, author, nowMs) {
      const before = configuration.draft;
      configuration.draft = {
        ...before,
        fields,
        author,
        // Two writes in one millisecond still differ. A client compares this time.
        modifiedAtMs: Math.max(nowMs, before.modifiedAtMs + 1),
        activeAtMs: nowMs + settings.current.configurations.pendingForMs,
      };
      note(configuration, 'update', author, nowMs, before.fields);
    },
    publish,
    remove(configuration, author, nowMs) {
      configuration.deletedAtMs ??= nowMs;
      note(configuration, 'delete', author, nowMs);
    },
    seed(tenant, id, fields, nowMs, { version = '1', isListed = true } = {}) {
      const draft = draftOf(fields, {}, nowMs);
      const first = { ...draft, version, publishedAtMs: nowMs };
      const configuration = { ...newConfiguration(tenant, id, draft), published: [first], isListed };
      byId.set(id, configuration);
      return configuration;
    },
  };
}

/** The version of a configuration that can be seen by now. */
export function versionOf(
  { draft, published }: Configuration,
  version: string,
  nowMs: number,
): ConfigurationVersion | undefined {
  if (version.toUpperCase() === DRAFT) return draft;
  const visible = published.filter(({ visibleAtMs }) => nowMs >= visibleAtMs);
  return visible.find((each) => each.version === version);
}

/** The newest published version that can be seen by now. */
export function newestPublished(
  { published }: Configuration,
  nowMs: number,
): ConfigurationVersion | undefined {
  return published.findLast(({ visibleAtMs }) => nowMs >= visibleAtMs);
}

function newConfiguration(tenant: string, id: string, draft: ConfigurationVersion): Configuration {
  return { id, tenant, isListed: true, draft, published: [], deletedAtMs: null };
}

function nextVersionOf({ published }: Configuration): string {
  return String(Math.max(0, ...published.map(({ version }) => Number(version) || 0)) + 1);
}

function draftOf(fields: ConfigurationFields, author: Author, nowMs: number): ConfigurationVersion {
  return {
    version: DRAFT,
    fields,
    createdAtMs: nowMs,
    modifiedAtMs: nowMs,
    publishedAtMs: null,
    visibleAtMs: nowMs,
    activeAtMs: nowMs,
    author,
  };
}

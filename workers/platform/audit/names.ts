import type { AuditedService } from '../../../src/genesys/dialects/platform/audits.ts';

/** What a job asks for: the records of a service, of one type of entity, or of one action of it. */
export interface Wanted {
  readonly service: string;
  readonly entity?: string | undefined;
  readonly action?: string | undefined;
}

/**
 * The service of configurations and deployments, and the first word of the actions of the guides for
 * the same. Its name is that of a partner's list; the names of its entities are not published
 * (docs/platform.md#audit).
 */
const WEB_DEPLOYMENTS = 'WebDeployments';
const WORD_OF_GUIDES = 'webchat';

/** Known names that an error lists. */
const LISTED = 40;

/** The actions of a job with the names of Genesys Cloud, or why one is none of these names. */
export type Resolved =
  | { readonly wanted: readonly Wanted[]; readonly issue?: never }
  | { readonly issue: string };

/**
 * Finds actions among the names of the organization. An action is `service`, `service:entity` or
 * `service:entity:action`, in upper or lower case. `webchat:configuration:update`, as the guides
 * have it, is the update of the entity whose name is or ends with `configuration`.
 */
export function resolveActions(actions: readonly string[], services: readonly AuditedService[]): Resolved {
  const wanted: Wanted[] = [];
  for (const [index, action] of actions.entries()) {
    const found = resolve(action, services);
    if (typeof found === 'string') return { issue: `actions[${index}]: expected ${found}` };
    wanted.push(found);
  }
  return { wanted };
}

/** The wanted of each service, in the order of the job. A query is of one service. */
export function byService(wanted: readonly Wanted[]): { service: string; wanted: Wanted[] }[] {
  return [...Map.groupBy(wanted, ({ service }) => service)].map(([service, own]) => ({
    service,
    wanted: own,
  }));
}

/**
 * The one value that all of them have in a field; undefined if a query must be asked for all values.
 * Whether several filters of a property are alternatives is not documented, so a query never has two.
 */
export function common(wanted: readonly Wanted[], field: 'entity' | 'action'): string | undefined {
  const values = new Set(wanted.map((each) => each[field]));
  const [value] = values;
  return values.size === 1 ? value : undefined;
}

/** Whether a record is one that the job asked for. */
export function isWanted(record: Required<Wanted>, wanted: readonly Wanted[]): boolean {
  return wanted.some(
    ({ service, entity, action }) =>
      service === record.service &&
      (entity === undefined || entity === record.entity) &&
      (action === undefined || action === record.action),
  );
}

/** @returns what is expected instead of an unknown name. */
function resolve(text: string, services: readonly AuditedService[]): Wanted | string {
  const [first = '', second, third, ...more] = text.split(':');
  const isOfGuides = isSame(first, WORD_OF_GUIDES);
  const service = named(services, isOfGuides ? WEB_DEPLOYMENTS : first);
  if (!service || more.length > 0)
    return `service:entity:action with one of the services ${listed(services)}`;
  if (second === undefined) return { service: service.name };
  const entity = named(service.entities, second) ?? (isOfGuides ? ending(service, second) : undefined);
  if (!entity) return `one of the entities of ${service.name}: ${listed(service.entities)}`;
  if (third === undefined) return { service: service.name, entity: entity.name };
  const action = entity.actions.find((name) => isSame(name, third));
  if (action !== undefined) return { service: service.name, entity: entity.name, action };
  const known = listed(entity.actions.map((name) => ({ name })));
  return `one of the actions of ${service.name}:${entity.name}: ${known}`;
}

function named<Named extends { readonly name: string }>(
  all: readonly Named[],
  name: string,
): Named | undefined {
  return all.find((each) => each.name === name) ?? all.find((each) => isSame(each.name, name));
}

function ending({ entities }: AuditedService, name: string) {
  return entities.find((each) => each.name.toLowerCase().endsWith(name.toLowerCase()));
}

function isSame(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase();
}

function listed(all: readonly { readonly name: string }[]): string {
  const names = all.slice(0, LISTED).map(({ name }) => name);
  const more = all.length - names.length;
  return `${names.join(', ') || '(none)'}${more > 0 ? ` and ${more} more` : ''}`;
}

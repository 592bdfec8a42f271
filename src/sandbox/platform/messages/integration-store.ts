import { randomUUID } from 'node:crypto';
import type { SettingsHolder } from '../settings.ts';
import type { IntegrationFields } from './integration-model.ts';
import type { Integration } from './settings.ts';

/** What a client sees of the creation of an integration. */
export type CreateStatus = 'Initiated' | 'Completed' | 'Error';

/** An integration of the settings, which every tenant has, or one that a client made. */
export interface StoredIntegration extends Integration {
  readonly createStatus: CreateStatus;
  /** Null for one of the settings. */
  readonly made: MadeIntegration | null;
}

/** An integration of Open Messaging that a client made. */
export interface MadeIntegration {
  readonly id: string;
  readonly tenant: string;
  fields: IntegrationFields;
  readonly createdAtMs: number;
  modifiedAtMs: number;
  /** Before this time it is 404. */
  readonly visibleAtMs: number;
  /** Before this time it is `Initiated`. */
  readonly endsAtMs: number;
  readonly end: 'Completed' | 'Error';
  isDeleted: boolean;
}

/** The integrations of all tenants. */
export interface Integrations {
  /** Those that a tenant can see by now: the ones of the settings first, then the oldest. */
  visible(tenant: string, nowMs: number): StoredIntegration[];
  find(tenant: string, id: string, nowMs: number): StoredIntegration | undefined;
  /** One of a messenger through which messages can go by now. */
  findUsable(
    tenant: string,
    id: string,
    messengerType: Integration['messengerType'],
    nowMs: number,
  ): StoredIntegration | undefined;
  create(tenant: string, fields: IntegrationFields, nowMs: number): StoredIntegration;
}

/** A store with the integrations of the settings alone. Time alone changes what can be seen. */
export function createIntegrations(settings: SettingsHolder): Integrations {
  const made: MadeIntegration[] = [];

  function visible(tenant: string, nowMs: number): StoredIntegration[] {
    const own = settings.current.messages.integrations.map((each) => ({
      ...each,
      createStatus: 'Completed' as const,
      made: null,
    }));
    const others = made.filter(
      (each) => each.tenant === tenant && !each.isDeleted && nowMs >= each.visibleAtMs,
    );
    return [...own, ...others.map((each) => storedOf(each, nowMs))];
  }

  const find: Integrations['find'] = (tenant, id, nowMs) =>
    visible(tenant, nowMs).find((each) => each.id === id);

  return {
    visible,
    find,
    findUsable(tenant, id, messengerType, nowMs) {
      const found = find(tenant, id, nowMs);
      const isUsable = found?.messengerType === messengerType && found.createStatus === 'Completed';
      return isUsable ? found : undefined;
    },
    create(tenant, fields, nowMs) {
      const { integrationNotFoundForMs, integrationInitiatedForMs, integrationEnds } =
        settings.current.messages;
      const integration: MadeIntegration = {
        id: randomUUID(),
        tenant,
        fields,
        createdAtMs: nowMs,
        modifiedAtMs: nowMs,
        visibleAtMs: nowMs + integrationNotFoundForMs,
        endsAtMs: nowMs + integrationInitiatedForMs,
        end: integrationEnds,
        isDeleted: false,
      };
      made.push(integration);
      return storedOf(integration, nowMs);
    },
  };
}

const statuses = { Initiated: 'Inactive', Completed: 'Active', Error: 'Error' } as const;

/** A made integration as it is by now. */
export function storedOf(made: MadeIntegration, nowMs: number): StoredIntegration {
  const createStatus = nowMs < made.endsAtMs ? 'Initiated' : made.end;
  const { id, fields } = made;
  return { id, name: fields.name, messengerType: 'open', status: statuses[createStatus], createStatus, made };
}

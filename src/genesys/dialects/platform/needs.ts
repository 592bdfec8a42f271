import type { JobKind } from '../../../jobs/catalog.ts';
import type { Route } from '../../../jobs/routes.ts';
import type { Operation, Permissions } from '../../operation.ts';
import { readConversation, readMessages, sendAgentMessage } from './agent-message.ts';
import { sendAgentless } from './agentless.ts';
import { startQuery } from './audits.ts';
import { createConfiguration, publishDraft, readVersion, writeDraft } from './configurations.ts';
import { createDeployment, readDeployment, updateDeployment } from './deployments.ts';
import { readMedia, requestUpload } from './media.ts';
import { sendOpenClick, sendOpenMessage, sendOpenReceipt, sendOpenTyping } from './open.ts';

/** The operations that the jobs of a kind call, on one route where the kind has routes. */
export interface KindNeeds {
  readonly kind: JobKind;
  readonly route?: Route;
  readonly operations: readonly Pick<Operation<never, unknown>, 'name' | 'permissions'>[];
}

const AS_AGENT = [sendAgentMessage, readConversation, readMessages];
const WITH_FILES = [...AS_AGENT, requestUpload, readMedia];

/**
 * Every kind of the dialect `platform`, with the operations whose permissions it needs. The guests of
 * the route `webmessaging` need no OAuth client.
 */
export const NEEDS: readonly KindNeeds[] = [
  {
    kind: 'message-transmission',
    route: 'open',
    operations: [sendOpenMessage, sendOpenTyping, sendOpenReceipt, sendOpenClick],
  },
  { kind: 'message-transmission', route: 'agentless', operations: [sendAgentless] },
  { kind: 'message-transmission', route: 'conversation', operations: WITH_FILES },
  { kind: 'message-transmission', route: 'webmessaging', operations: [] },
  { kind: 'card-delivery', route: 'agentless', operations: [sendAgentless] },
  { kind: 'card-delivery', route: 'conversation', operations: AS_AGENT },
  {
    kind: 'config-rollout',
    operations: [
      readVersion,
      createConfiguration,
      writeDraft,
      publishDraft,
      readDeployment,
      createDeployment,
      updateDeployment,
    ],
  },
  { kind: 'embed-generation', operations: [readDeployment, readVersion] },
  { kind: 'audit-sync', operations: [startQuery] },
];

/** The table of permissions in docs/platform.md. */
export function renderNeedsTable(): string {
  const rows = NEEDS.map(({ kind, route, operations }) => {
    const permissions = new Set(operations.flatMap(({ permissions }) => alternativesOf(permissions)));
    return `| ${kind} | ${route ?? ''} | ${[...permissions].join('; ') || 'none'} |`;
  });
  return ['| kind | route | permissions |', '| --- | --- | --- |', ...rows].join('\n');
}

function alternativesOf({ names, any }: Permissions = { names: [] }): string[] {
  const quoted = names.map((name) => `\`${name}\``);
  return any ? [quoted.join(' or ')] : quoted;
}

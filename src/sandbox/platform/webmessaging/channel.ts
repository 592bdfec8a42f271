import type { Server } from 'node:http';
import type { FastifyInstance } from 'fastify';
import { WebSocketServer } from 'ws';
import { createRandom } from '../../faults/random.ts';
import type { PlatformWorld } from '../world.ts';
import { listenToApi } from './api-listener.ts';
import { mountControl } from './control/control.ts';
import { endConversation } from './conversation-store.ts';
import { createDeploymentStore } from './deployment-store.ts';
import { createDisorder } from './disorder.ts';
import { createFaults } from './faults.ts';
import { mountConfig } from './http/config.ts';
import { mountHistory } from './http/history.ts';
import { mountUploads } from './http/uploads.ts';
import { createJwts } from './jwts.ts';
import { cutConnection } from './outbox.ts';
import { parseOptions, type Settings, type WebMessagingOptions } from './settings.ts';
import type { ChannelState } from './state.ts';
import { createTimeline, type Timeline } from './timeline.ts';
import { upgrade } from './upgrade.ts';

export type { WebMessagingOptions } from './settings.ts';
export { asksForChannel } from './upgrade.ts';

/** The guest channel of one sandbox: its socket, its history and its files. */
export interface Channel {
  /** Adds the channel to the server of the sandbox, and its control. */
  mount(app: FastifyInstance): void;
  /** Its settings that are in effect. */
  settings(): Settings;
  /** Cuts all connections and forgets everything. The settings are those of the start again. */
  reset(): void;
}

/** What the channel needs of the sandbox. */
export interface ChannelParts {
  readonly options: WebMessagingOptions;
  readonly now: () => number;
  /** Aborted when the sandbox closes. */
  readonly closing: AbortSignal;
  /** The state of the API. A reset replaces it before that of the channel. */
  readonly platform: () => PlatformWorld;
  /** Called with each message of a guest that the channel stores, also with one that came before. */
  readonly onStored: (deploymentId: string, isRepetition: boolean) => void;
}

/**
 * Makes the WebSocket channel of guests: `/v1` of the host `webmessaging`.
 *
 *   upgrade, connect        who may open a socket, and when it ends
 *   receive, actions        what a frame asks for
 *   sessions, messages,
 *   conversation            the state behind it
 *   outbox, disorder        the frames to clients, and how they go wrong
 *   script                  the agent or bot
 *   http                    configuration, history and files
 *   faults, control         what tests ask for and see
 */
export function createChannel(parts: ChannelParts): Channel {
  const { now, closing } = parts;
  const state = createState(parts, createTimeline(now, closing));
  const server = new WebSocketServer({ noServer: true, clientTracking: false });
  let stopListening = listenToApi(state);
  const cutAll = () => state.connections.forEach(cutConnection);
  closing.addEventListener('abort', cutAll, { once: true });

  function reset(): void {
    stopListening();
    cutAll();
    for (const session of state.sessions.values()) endConversation(state, session);
    state.timeline.reset();
    Object.assign(state, createState(parts, state.timeline));
    stopListening = listenToApi(state);
  }

  return {
    settings: () => state.settings,
    reset,
    mount(app) {
      (app.server as Server).on('upgrade', (request, socket, head) =>
        closing.aborted ? socket.destroy() : upgrade(state, server, request, socket, head),
      );
      mountConfig(app, state);
      mountHistory(app, state);
      app.register(async (scope) => mountUploads(scope, state));
      app.register(async (scope) => mountControl(scope, state, reset), {
        prefix: '/__sandbox/platform/webmessaging',
      });
    },
  };
}

function createState({ options, platform, onStored }: ChannelParts, timeline: Timeline): ChannelState {
  const { deployments: wanted, ...settings } = parseOptions(options);
  const deployments = createDeploymentStore(platform);
  // Lists of the API have what a test makes. The deployment that every sandbox has is in none.
  const areListed = options.deployments !== undefined;
  for (const deployment of wanted) deployments.set(deployment, areListed);
  return {
    timeline,
    platform,
    settings,
    deployments,
    onStored,
    sessions: new Map(),
    connections: new Set(),
    connectionRates: new Map(),
    openedConnections: 0,
    refusedUpgrades: {},
    files: new Map(),
    jwts: createJwts(),
    faults: createFaults(settings.errors),
    disorder: createDisorder(settings.disorder),
    random: createRandom(settings.disorder.seed),
  };
}

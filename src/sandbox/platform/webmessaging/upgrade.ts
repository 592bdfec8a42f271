import { randomUUID } from 'node:crypto';
import { type IncomingMessage, STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import type { WebSocketServer } from 'ws';
import { openConnection } from './connect.ts';
import { allowsOrigin, type Deployment } from './deployments.ts';
import { createRateWindow } from './rates.ts';
import type { ChannelState } from './state.ts';

/** The path of the channel. */
export const CHANNEL_PATH = '/v1';

const MINUTE_MS = 60_000;

/**
 * Whether a request asks for a socket of the channel. Other requests for an upgrade, such as that of
 * Java for HTTP/2, are handled as if they asked for none.
 */
export function asksForChannel({ url = '', headers }: IncomingMessage): boolean {
  return urlOf(url)?.pathname === CHANNEL_PATH && headers.upgrade?.toLowerCase() === 'websocket';
}

/** Opens a socket, or refuses it with a status before the socket exists. */
export function upgrade(
  state: ChannelState,
  server: WebSocketServer,
  request: IncomingMessage,
  socket: Duplex,
  head: Buffer,
): void {
  // A client that goes away during the answer must not end the process.
  socket.on('error', () => socket.destroy());
  const { headers, url = '' } = request;
  const deploymentId = urlOf(url)?.searchParams.get('deploymentId') ?? '';
  const status = refusalStatus(state, deploymentId, headers.origin);
  if (status !== undefined) {
    state.refusedUpgrades[status] = (state.refusedUpgrades[status] ?? 0) + 1;
    refuseUpgrade(socket, status);
    return;
  }
  const { connection } = state.settings;
  server.options.maxPayload = connection.maxFrameBytes;
  server.options.autoPong = connection.answerPings;
  server.handleUpgrade(request, socket, head, (webSocket) => {
    openConnection(state, webSocket, { deploymentId, origin: headers.origin, host: headers.host ?? '' });
  });
}

function refusalStatus(
  state: ChannelState,
  deploymentId: string,
  origin: string | undefined,
): number | undefined {
  const effect = state.faults.take('upgrade', undefined);
  if (effect?.kind === 'refuse') return effect.status;
  const { upgrade: settings, rates } = state.settings;
  const deployment = state.deployments.find(deploymentId);
  const isRefusedHere = settings.refuseAt === 'upgrade';
  if (deployment === undefined) return isRefusedHere ? settings.unknownDeploymentStatus : undefined;
  if (deployment.status !== 'Active' && isRefusedHere) return settings.inactiveDeploymentStatus;
  if (!isAllowed(deployment, origin, settings.missingOrigin)) return settings.wrongOriginStatus;
  const waitMs = rateOf(state, deploymentId).take(state.timeline.now(), rates.connectionsPerMinute);
  return waitMs > 0 ? settings.tooManyStatus : undefined;
}

/** Whether a request with this Origin may use a deployment, also one of the history. */
export function isAllowed(
  deployment: Deployment,
  origin: string | undefined,
  missingOrigin: 'allow' | 'refuse',
): boolean {
  if (origin === undefined) return deployment.allowAllDomains || missingOrigin === 'allow';
  return allowsOrigin(deployment, origin);
}

function rateOf(state: ChannelState, deploymentId: string) {
  const known = state.connectionRates.get(deploymentId);
  if (known !== undefined) return known;
  const created = createRateWindow(MINUTE_MS, () => state.settings.rates.window);
  state.connectionRates.set(deploymentId, created);
  return created;
}

function refuseUpgrade(socket: Duplex, status: number): void {
  const head = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}`,
    'Connection: close',
    'Content-Length: 0',
    // A stand-in: it is documented for answers of the API.
    `inin-correlation-id: ${randomUUID()}`,
  ];
  socket.once('finish', () => socket.destroy());
  socket.end(`${head.join('\r\n')}\r\n\r\n`);
}

function urlOf(target: string): URL | undefined {
  return URL.canParse(target, 'http://sandbox') ? new URL(target, 'http://sandbox') : undefined;
}

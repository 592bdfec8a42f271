import type { PlatformWorld } from '../world.ts';
import type { DeploymentStore, OwnedDeployment } from './deployment-store.ts';
import type { Disorder } from './disorder.ts';
import type { Faults } from './faults.ts';
import type { Jwts } from './jwts.ts';
import type { Attachment, Connection, Session } from './model.ts';
import type { RateWindow } from './rates.ts';
import type { Settings } from './settings.ts';
import type { Timeline } from './timeline.ts';

/** A file of a guest, and its session. */
export interface StoredFile {
  readonly session: Session;
  readonly attachment: Attachment;
}

/** Everything that the channel knows. A reset replaces all but the timeline. */
export interface ChannelState {
  readonly timeline: Timeline;
  /** The state of the API. It holds the conversations of guests, and their deployments. */
  readonly platform: () => PlatformWorld;
  settings: Settings;
  deployments: DeploymentStore;
  /** By deployment and token, also those that have ended. */
  sessions: Map<string, Session>;
  /** Those that are open. */
  connections: Set<Connection>;
  /** How many connections each deployment had opened, and the refused ones. */
  connectionRates: Map<string, RateWindow>;
  openedConnections: number;
  refusedUpgrades: Record<string, number>;
  /** By each of the keys in their URLs. */
  files: Map<string, StoredFile>;
  jwts: Jwts;
  faults: Faults;
  disorder: Disorder;
  /** @see ChannelParts.onStored */
  onStored: (deploymentId: string, isRepetition: boolean) => void;
  /** Random numbers for delays. */
  random: () => number;
}

/** The deployment of a connection or session. A test may have removed it meanwhile. */
export function deploymentOf(
  state: ChannelState,
  { deploymentId }: { readonly deploymentId: string },
): OwnedDeployment | undefined {
  return state.deployments.find(deploymentId);
}

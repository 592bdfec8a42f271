import type { WebSocket } from 'ws';
import type { RateWindow } from './rates.ts';

/** The body of a message or event, as the socket and the history show it. */
export interface MessageBody {
  readonly id: string;
  readonly type: 'Text' | 'Structured' | 'Event';
  readonly direction: 'Inbound' | 'Outbound';
  readonly channel: {
    readonly time: string;
    readonly messageId?: string;
    readonly metadata?: { readonly customAttributes: Record<string, string> };
    readonly [name: string]: unknown;
  };
  readonly metadata: Record<string, string>;
  readonly text?: string;
  readonly content?: readonly unknown[];
  readonly events?: readonly unknown[];
  readonly originatingEntity?: 'Human' | 'Bot';
}

/** A message that the channel has stored, for tests. */
export interface StoredMessage {
  readonly conversationId: string;
  /** The frame that it came in. Null for what an agent or bot sent. */
  readonly tracingId: string | null;
  readonly connectionId: string | null;
  readonly body: MessageBody;
}

/** `waiting`: the file has not come. `failed`: it came and was refused. `sent`: with a message. */
export type AttachmentState = 'waiting' | 'uploaded' | 'failed' | 'deleted' | 'sent';

/** A file of a guest, from the request for its URL. */
export interface Attachment {
  readonly id: string;
  readonly fileName: string;
  readonly fileType: string;
  readonly fileSize: number | undefined;
  readonly fileMd5: string | undefined;
  readonly requestedBy: Connection;
  /** The secrets in the URLs to write and to read it. */
  readonly uploadKey: string;
  readonly downloadKey: string;
  urlEndsAtMs: number;
  endsAtMs: number;
  state: AttachmentState;
  bytes: Buffer;
}

/** `ended`: a test removed it, or another sign-in replaced it. The channel does not know it then. */
export type SessionState = 'open' | 'read-only' | 'expired' | 'logged-out' | 'ended';

/** What tests can read of a session, beside its messages. */
export interface SessionCounters {
  configures: number;
  messagesStored: number;
  echoes: number;
  connectionsOpened: number;
  connectionsEvicted: number;
  rateLimited: number;
  /** By code. */
  errors: Record<string, number>;
}

/** The session of one token with one deployment. */
export interface Session {
  readonly token: string;
  readonly deploymentId: string;
  /** Whose organization the deployment belongs to. */
  readonly tenant: string;
  /** The user, if the guest has signed in. */
  user: string | undefined;
  state: SessionState;
  /** A new one after a new start, after a clear, and after the threading time of a disconnect. */
  conversationId: string;
  disconnectedAtMs: number | undefined;
  expiresAtMs: number;
  /** The messages that the guest can read, the oldest first. */
  history: MessageBody[];
  /** Every stored message, also of conversations that the guest no longer sees. */
  readonly log: StoredMessage[];
  readonly attachments: Map<string, Attachment>;
  /** The oldest first. */
  readonly connections: Connection[];
  readonly messageRate: RateWindow;
  readonly configureRate: RateWindow;
  readonly historyRate: RateWindow;
  readonly counters: SessionCounters;
}

/** One socket. */
export interface Connection {
  readonly id: string;
  readonly socket: WebSocket;
  readonly deploymentId: string;
  readonly origin: string | undefined;
  /** The host that the client called, for URLs in answers. */
  readonly host: string;
  readonly openedAtMs: number;
  readonly requestRate: RateWindow;
  readonly echoRate: RateWindow;
  readonly counters: { requests: number; framesSent: number; rateLimited: number };
  session: Session | undefined;
  activeAtMs: number;
  /** The moment of the last frame that must not be overtaken. */
  lastDueAtMs: number;
  /** Frames that wait until another frame is sent. */
  held: Held[];
  closeCode: number | undefined;
}

/** A frame that the disorder sends behind the next one. */
export interface Held {
  readonly text: string;
  /** Ends the wait. */
  release: () => void;
}

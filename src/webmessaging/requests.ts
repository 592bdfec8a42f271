/** What a worker sends on the guest channel. `token` and `tracingId` are added by the connection. */
export type ClientFrame =
  | { readonly action: 'configureSession'; readonly deploymentId: string; readonly startNew: false }
  | { readonly action: 'getJwt' }
  | { readonly action: 'onMessage'; readonly message: GuestMessage }
  | {
      readonly action: 'onAttachment';
      readonly attachmentId: string;
      readonly fileName: string;
      readonly fileType: string;
      readonly fileSize: number;
      /** Errors then have a class of their own, which says which file they are about. */
      readonly errorsAsJson: true;
    };

/** A message or an event of a guest. */
export interface GuestMessage {
  readonly type: 'Text' | 'Structured' | 'Event';
  readonly text?: string;
  readonly content?: readonly MessageContent[];
  readonly events?: readonly [{ readonly eventType: 'Typing'; readonly typing: { readonly type: 'On' } }];
  /** Comes back in the echo and in the history. */
  readonly metadata?: Readonly<Record<string, string>>;
  readonly channel?: { readonly metadata: { readonly customAttributes: Readonly<Record<string, string>> } };
}

export type MessageContent =
  | { readonly contentType: 'Attachment'; readonly attachment: { readonly id: string } }
  | {
      readonly contentType: 'ButtonResponse';
      readonly buttonResponse: { readonly type: string; readonly text: string; readonly payload: string };
    };

/** A typing guest, at most once in {@link TYPING_EVERY_MS}. */
export const TYPING: GuestMessage = {
  type: 'Event',
  events: [{ eventType: 'Typing', typing: { type: 'On' } }],
};

/** The official clients send a typing event no more often, ms. */
export const TYPING_EVERY_MS = 5000;

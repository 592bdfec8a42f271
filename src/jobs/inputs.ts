import type { CardComponent, CardFields } from '../content/card/card.ts';
import type { LocaleMatrix } from '../content/embed/locales.ts';
import type { ReceiptReason } from './message-event.ts';
import type { Route } from './routes.ts';

/**
 * The input of producers, one interface per kind. An editor shows its documentation beside each
 * field. The schemas decide at run time. A test compares the two, so that no field is missing here.
 */
export interface ProducerInputs {
  'message-transmission': MessageTransmissionInput;
  'card-delivery': CardDeliveryInput;
  'config-rollout': ConfigurationRolloutInput | RollbackInput | DeploymentRolloutInput;
  'embed-generation': EmbedGenerationInput;
  'audit-sync': AuditSyncInput;
}

/** Fields that every kind has. */
export interface ConditionsInput {
  /** Name of the tenant in TENANTS_FILE: 1 to 64 letters, digits, `_`, `.` or `-`. */
  tenantId: string;
  /**
   * A second job with the same key, kind and tenant is a duplicate. 1 to 200 characters without
   * white space.
   */
  idempotencyKey?: string | undefined;
  /** Where the worker reports how the job ended; the tenant's own callback by default. */
  callback?: CallbackInput | undefined;
  /**
   * `urgent` jobs go before the waiting jobs of the tenant's other conversations. `normal` by
   * default.
   */
  priority?: 'normal' | 'urgent' | undefined;
  /**
   * ISO 8601 time with an offset, such as `2026-03-01T09:30:00Z`. The worker does not send the job
   * after this time.
   */
  expiresAt?: string | undefined;
  /**
   * What the worker does when a request was sent and its answer is lost: send it again, or hold the
   * job as a dead letter for an operator to decide. The tenant's setting by default.
   */
  onUnknownOutcome?: 'resend' | 'hold' | undefined;
  /**
   * The trace of the caller, of W3C Trace Context: `00-<trace id>-<parent id>-<flags>`. The log
   * lines of the job and its callback have it. A duplicate may have another one.
   */
  traceparent?: string | undefined;
  /** Beside `traceparent`: at most 512 characters. */
  tracestate?: string | undefined;
}

/** A receiver of one job's outcome. */
export interface CallbackInput {
  /** `https://` address; the tenant's `receivers` may allow others. At most 2,048 characters. */
  url: string;
  /** The outcomes to report; all of them by default. */
  events?: ('delivered' | 'failed' | 'expired' | 'held')[] | undefined;
}

/** Fields of jobs to a guest. */
export interface ScheduleInput {
  /**
   * ISO 8601 time with an offset, such as `2026-03-01T09:30:00+01:00`, at most 366 days ahead. The worker
   * does not send the job before this time, and later jobs of the conversation wait behind it. A time in
   * the past means now.
   */
  sendAt?: string | undefined;
}

/** One message of a guest to a conversation. */
export interface MessageTransmissionInput extends ConditionsInput, ScheduleInput {
  /** The guest who writes. 1 to 200 characters without white space. */
  guestId: string;
  /**
   * Jobs of one conversation are delivered in the order in which they were accepted. 1 to 200
   * characters.
   */
  conversationId: string;
  /** What the customer reads. Required, unless the message has an `event`. */
  body?:
    | {
        contentType: 'text/plain' | 'text/html';
        /**
         * At most 4,096 bytes of UTF-8, or what the route of the platform takes; 65,536 bytes with
         * `split`. It may be blank only beside an attachment.
         */
        content: string;
      }
    | undefined;
  /** At most 10. */
  attachments?: AttachmentInput[] | undefined;
  /** Asks for a receipt when the guest has read the message. `true` by default. */
  readReceipt?: boolean | undefined;
  /** Sends a long `text/plain` as several messages, cut between words. `false` by default. */
  split?: boolean | undefined;
  /** In the dialect `platform`: the way of this message; `platform.route` of its tenant by default. */
  route?: Route | undefined;
  /** On the route `conversation`: the communication of the agent. 1 to 200 characters. */
  communicationId?: string | undefined;
  /** On the routes `open` and `webmessaging`, in place of a text: exactly one of the three. */
  event?: MessageEventInput | undefined;
  /** On the route `webmessaging`: values for the flow. At most 2,048 bytes as JSON. */
  customAttributes?: Record<string, string> | undefined;
}

/** What a guest did besides writing: exactly one of the three. */
export interface MessageEventInput {
  /** The guest writes. */
  typing?: Record<string, never> | undefined;
  /** What became of a message of the organization. On the route `open` only. */
  receipt?:
    | {
        messageId: string;
        status: 'Sent' | 'Delivered' | 'Failed' | 'Published' | 'Removed';
        /** Why it did not reach the guest: at most 10 of `{code, message}`. */
        reasons?: { code?: ReceiptReason | undefined; message: string }[] | undefined;
        /** Whether no other receipt of the message follows. */
        isFinal?: boolean | undefined;
      }
    | undefined;
  /** A click on a button of a card, on a quick reply, or in a date picker. */
  click?:
    | {
        type: 'Button' | 'QuickReply' | 'DatePicker';
        /** What the guest saw on the button. At most 2,000 characters. */
        text: string;
        /** What the button sends. At most 2,000 characters. */
        payload: string;
        /** The message that has the button. */
        originatingMessageId: string;
      }
    | undefined;
}

/** A file that goes with a message. */
export interface AttachmentInput {
  contentType: 'image/png' | 'image/jpeg' | 'application/pdf' | 'text/plain';
  /** `http://` or `https://` address without user name and password. At most 2,048 characters. */
  url: string;
  /** What the customer sees. 1 to 255 characters without slashes; its ending fits `contentType`. */
  fileName: string;
  /** Bytes; at most 26,214,400 (25 MiB). */
  sizeBytes: number;
}

/** One rich card to a conversation. */
export interface CardDeliveryInput extends ConditionsInput, ScheduleInput {
  /** Cards and messages of one conversation share one order. 1 to 200 characters. */
  conversationId: string;
  /** In the dialect `platform`, on the route `agentless`: the address of the guest. */
  guestId?: string | undefined;
  /** In the dialect `platform`: the way of the card's text, `agentless` or `conversation`. */
  route?: Route | undefined;
  /** On the route `conversation`: the communication of the agent. 1 to 200 characters. */
  communicationId?: string | undefined;
  /** The guest session, where its id differs from that of the conversation. */
  sessionId?: string | undefined;
  /**
   * How the widget renders the card. Each value: 1 to 100 letters, digits, `_`, `.`, `:` or `-`.
   */
  template: {
    id: string;
    /** `2.1` by default. */
    version?: string | undefined;
    /** `flexbox` by default. */
    layoutEngine?: string | undefined;
    /** What a widget shows that cannot render cards. `textOnly` by default. */
    fallbackBehavior?: string | undefined;
  };
  /** What the template is filled with: `title`, `description`, `actions` and fields of its own. */
  fields?: CardFields | undefined;
  /** The components themselves, in place of those made from `fields`. */
  components?: readonly CardComponent[] | undefined;
  /** Leaves surplus buttons out; `false` refuses the card. `false` by default. */
  truncate?: boolean | undefined;
}

/** One configuration of web messaging for many organizations. */
export interface ConfigurationRolloutInput extends ConditionsInput {
  type?: 'webchat-configuration' | undefined;
  /** 1 to 1,000. The first one is the source of the replication. */
  organizationIds: string[];
  /** The settings; what an organization has beside them stays. */
  configuration: ConfigurationInput;
  /**
   * Asks Genesys Cloud to replicate the first organization's configuration to the others. `true` by
   * default.
   */
  replicate?: boolean | undefined;
  /** The replication may replace what the others have. `false` by default. */
  overwriteExisting?: boolean | undefined;
  /**
   * What happens when another administrator changed the configuration meanwhile. `merge` by
   * default.
   */
  onConflict?: 'merge' | 'overwrite' | 'abort' | undefined;
  /** Writes only where an organization is at this version. */
  ifVersion?: number | undefined;
  /** Reads and compares, and writes nothing. `false` by default. */
  dryRun?: boolean | undefined;
  /** With the dialect `platform`: the configuration of the first organization, by its id. */
  configurationId?: string | undefined;
  /**
   * With the dialect `platform`: the worker finds the configuration by this name, or creates it.
   * `Web chat` by default.
   */
  configurationName?: string | undefined;
  /** With the dialect `platform`: deployments to pin to the new version, by id or name. */
  deployments?: string[] | undefined;
  /**
   * With the dialect `platform`: leaves out the fields without a counterpart. `false` refuses the job.
   * `false` by default.
   */
  ignoreUnsupported?: boolean | undefined;
}

/** Settings of web messaging. */
export interface ConfigurationInput {
  /** `#` and three or six hexadecimal digits. Its contrast to the background is at least 4.5. */
  brandColor: string;
  /** `#FFFFFF` by default. */
  backgroundColor?: string | undefined;
  /** 4.5 to 21, to have your own calculation checked. The worker sends the computed ratio. */
  contrastRatio?: number | undefined;
  /** Pixels, 14 to 24. */
  fontSizePx: number;
  /** 1 to 3 texts of 1 to 150 characters. */
  greetings: string[];
  /** At most 100 rules, without overlaps. */
  availabilityRules: AvailabilityRuleInput[];
  /** At most 50 names of at most 64 characters. */
  featureFlags: Record<string, boolean>;
  /** At most 100 names of at most 64 characters. */
  audienceSegments: string[];
}

/** Hours in which web messaging is available. */
export interface AvailabilityRuleInput {
  dayOfWeek: 'MONDAY' | 'TUESDAY' | 'WEDNESDAY' | 'THURSDAY' | 'FRIDAY' | 'SATURDAY' | 'SUNDAY';
  /** `00:00` to `23:59`. */
  startTime: string;
  /** `00:00` to `23:59`, after `startTime`. */
  endTime: string;
  /** IANA name such as `Europe/Berlin`; the organization's own by default. */
  timeZone?: string | undefined;
}

/** Undoes what an earlier rollout changed. */
export interface RollbackInput extends ConditionsInput {
  type?: 'rollback' | undefined;
  /** Id of the rollout's job. */
  rollback: string;
  /** `abort` leaves an organization alone that was changed since. `merge` by default. */
  onConflict?: 'merge' | 'overwrite' | 'abort' | undefined;
  /** Reads and compares, and writes nothing. `false` by default. */
  dryRun?: boolean | undefined;
}

/** Colors, launcher and widget of one deployment. */
export interface DeploymentRolloutInput extends ConditionsInput {
  type?: 'deployment' | undefined;
  /** Finds the deployment, or names a new one. 1 to 100 characters. */
  name?: string | undefined;
  /** Finds the deployment by its id; `name` then renames it. */
  id?: string | undefined;
  /** `active` by default. */
  status?: 'active' | 'inactive' | undefined;
  /** BCP 47 tag; `en-US` by default. */
  language?: string | undefined;
  /** The button that opens the widget. */
  launcher: {
    position: 'bottom-right' | 'bottom-left' | 'top-right' | 'top-left';
    /** Pixels from the edge, 0 to 1,000. */
    horizontalOffset: number;
    /** Pixels from the edge, 0 to 1,000. */
    verticalOffset: number;
    /** Whether visitors see the button. */
    show: boolean;
    /** `https://` address of an image; Genesys Cloud's own icon by default. */
    icon?: string | null | undefined;
  };
  /** The window of the widget. */
  widget: {
    /** 1 to 100 characters. */
    title: string;
    /** At most 500 characters. */
    welcomeMessage: string;
    /** Whether the widget opens with the page. */
    autoOpen: boolean;
    /** Colors: `#` and three or six hexadecimal digits. */
    theme: Record<ThemeColor, string>;
  };
  /**
   * `true` refuses colors of a low contrast; `false` reports them as warnings. `false` by default.
   */
  strict?: boolean | undefined;
  /**
   * With the dialect `platform`: the configuration that has the look, by its id. That of the deployment
   * by default.
   */
  configurationId?: string | undefined;
  /**
   * With the dialect `platform`: the worker finds that configuration by this name, or creates it. Of a
   * new deployment its own name by default.
   */
  configurationName?: string | undefined;
  /** With the dialect `platform`: the domains of the pages of a new deployment; all by default. */
  allowedDomains?: string[] | undefined;
  /**
   * With the dialect `platform`: leaves out the fields without a counterpart. `false` refuses the job.
   * `false` by default.
   */
  ignoreUnsupported?: boolean | undefined;
}

/** Colors of a deployment's widget. */
export type ThemeColor =
  | 'primaryColor'
  | 'secondaryColor'
  | 'buttonTextColor'
  | 'widgetBackgroundColor'
  | 'widgetTextColor'
  | 'headerBackgroundColor'
  | 'headerTextColor';

/** One embed code of a widget. */
export interface EmbedGenerationInput extends ConditionsInput {
  /** The widget at Genesys Cloud. 1 to 200 characters. */
  widgetId: string;
  /** Each language and what it falls back to, as BCP 47 tags: `{"de-AT": "de", "de": "en"}`. */
  locales: LocaleMatrix;
  /** For the routing: plain texts and numbers. Objects within it are flattened. */
  customAttributes?: Record<string, unknown> | undefined;
  /** For the look of the widget. */
  theme?: Record<string, unknown> | undefined;
  /** The content management system that the worker posts the embed code to. */
  cms?: { url: string } | undefined;
}

/** The audit records of some organizations and a span of time. */
export interface AuditSyncInput extends ConditionsInput {
  /** 1 to 1,000. */
  organizationIds: string[];
  /** 1 to 50; `webchat:configuration:update` by default. */
  actions?: string[] | undefined;
  /** ISO 8601 time with an offset; by default where the last sync of the same question stopped. */
  from?: string | undefined;
  /** ISO 8601 time with an offset; now by default. */
  to?: string | undefined;
  /** Records per request, 1 to 100, or 500 with the dialect `platform`; 25 by default. */
  pageSize?: number | undefined;
  /** With the dialect `platform`: how Genesys Cloud is asked. The tenant's setting by default. */
  mode?: 'async' | 'realtime' | undefined;
}

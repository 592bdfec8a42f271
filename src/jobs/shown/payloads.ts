import type { JobKind } from '../catalog.ts';
import { reason } from './results.ts';
import { fields, hidden, identifier, link, listOf, plain, type Shape, word } from './shapes.ts';

/**
 * The fields of each kind of job that the board, the API and the command line show. The list
 * allows: a field of a contract that is not in the list is masked.
 */

const conditions = {
  tenantId: identifier,
  idempotencyKey: identifier,
  callback: fields({ url: link, events: listOf(word) }),
  priority: word,
  expiresAt: word,
  onUnknownOutcome: word,
  traceparent: identifier,
  tracestate: hidden,
};

const message = fields({
  ...conditions,
  sendAt: word,
  guestId: identifier,
  conversationId: identifier,
  body: fields({ contentType: word, content: hidden }),
  attachments: listOf(fields({ contentType: word, url: link, fileName: hidden, sizeBytes: plain })),
  readReceipt: plain,
  split: plain,
  route: word,
  communicationId: identifier,
  event: fields({
    typing: fields({}),
    receipt: fields({
      messageId: identifier,
      status: word,
      reasons: listOf(fields({ code: word, message: hidden })),
      isFinal: plain,
    }),
    click: fields({ type: word, text: hidden, payload: hidden, originatingMessageId: identifier }),
  }),
  customAttributes: hidden,
});

const card = fields({
  ...conditions,
  sendAt: word,
  conversationId: identifier,
  guestId: identifier,
  route: word,
  communicationId: identifier,
  sessionId: identifier,
  template: fields({
    id: identifier,
    version: identifier,
    layoutEngine: identifier,
    fallbackBehavior: identifier,
  }),
  fields: hidden,
  components: hidden,
  truncate: plain,
});

const theme = fields({
  primaryColor: word,
  secondaryColor: word,
  buttonTextColor: word,
  widgetBackgroundColor: word,
  widgetTextColor: word,
  headerBackgroundColor: word,
  headerTextColor: word,
});

const rollout = fields({
  ...conditions,
  type: word,
  organizationIds: listOf(identifier),
  configuration: fields({
    brandColor: word,
    backgroundColor: word,
    contrastRatio: plain,
    fontSizePx: plain,
    greetings: listOf(hidden),
    availabilityRules: listOf(fields({ dayOfWeek: word, startTime: word, endTime: word, timeZone: word })),
    featureFlags: hidden,
    audienceSegments: hidden,
  }),
  replicate: plain,
  overwriteExisting: plain,
  onConflict: word,
  ifVersion: plain,
  dryRun: plain,
  rollback: identifier,
  name: hidden,
  id: identifier,
  status: word,
  language: word,
  launcher: fields({
    position: word,
    horizontalOffset: plain,
    verticalOffset: plain,
    show: plain,
    icon: link,
  }),
  widget: fields({ title: hidden, welcomeMessage: hidden, autoOpen: plain, theme }),
  strict: plain,
  rolloutId: identifier,
  organizationId: identifier,
  settings: hidden,
  restore: hidden,
  sourceOrganizationId: identifier,
  targetOrganizationIds: listOf(identifier),
  since: word,
  organizations: listOf(
    fields({
      organizationId: identifier,
      version: plain,
      configurationId: identifier,
      deploymentIds: listOf(identifier),
    }),
  ),
  configurationId: identifier,
  configurationName: hidden,
  deployments: listOf(hidden),
  ignoreUnsupported: plain,
  allowedDomains: listOf(word),
  copy: hidden,
  givesCopy: plain,
  mayCreate: plain,
  pins: listOf(
    fields({
      deployment: hidden,
      to: fields({ id: identifier, version: word }),
      whileAt: identifier,
    }),
  ),
  deployment: fields({ id: identifier, name: hidden, status: word, allowedDomains: listOf(word) }),
});

const embed = fields({
  ...conditions,
  widgetId: identifier,
  locales: hidden,
  customAttributes: hidden,
  theme: hidden,
  cms: fields({ url: link }),
});

const auditSync = fields({
  ...conditions,
  organizationIds: listOf(identifier),
  actions: listOf(word),
  from: word,
  to: word,
  pageSize: plain,
  mode: word,
  syncId: identifier,
});

/** What events say about a job: ids and numbers of ours. What is not among these is masked. */
const eventData: Readonly<Record<string, Shape>> = {
  tenantId: identifier,
  jobId: identifier,
  guestId: identifier,
  conversationId: identifier,
  genesysConversationId: identifier,
  templateId: identifier,
  messageId: identifier,
  widgetId: identifier,
  deploymentId: identifier,
  status: word,
  attempts: plain,
  requestMs: plain,
  latencyMs: plain,
  idempotencyKey: identifier,
  sequence: plain,
  generatedAt: word,
  payloadBytes: plain,
  updated: plain,
  unchanged: plain,
  failed: plain,
  conflictsResolved: plain,
  dryRun: plain,
  error: reason,
};

const webhook = fields({
  tenantId: identifier,
  url: link,
  messageId: identifier,
  purpose: word,
  traceparent: identifier,
  tracestate: hidden,
  source: word,
  event: fields({ type: word, timestamp: word, data: fields(eventData) }),
  record: fields({
    event: word,
    event_type: word,
    guest_id: identifier,
    conversation_id: identifier,
    conversationId: identifier,
    templateId: identifier,
    messageId: identifier,
    widget_id: identifier,
    status: word,
    latency_ms: plain,
    timestamp: word,
    generated_at: word,
  }),
});

export const PAYLOADS: Readonly<Record<JobKind, Shape>> = {
  'message-transmission': message,
  'card-delivery': card,
  'config-rollout': rollout,
  'embed-generation': embed,
  'audit-sync': auditSync,
  'webhook-delivery': webhook,
};

import { CONFIGURATION_FIELDS } from './configuration-fields.ts';
import { FIELD_NAMES } from './field-names.ts';
import { shownReason, shownSentence } from './reasons.ts';
import {
  fields,
  hidden,
  identifier,
  listOf,
  plain,
  published,
  type Shape,
  word,
  wordOrPlain,
} from './shapes.ts';

/**
 * The saved state of a job of several steps, and the results of jobs. No view shows the
 * configuration that an organization had before a write.
 */

export const reason: Shape = (value) => {
  if (typeof value === 'string') return shownReason(value);
  // A failure of an audit sync has its code and its message in fields of their own.
  return fields({ code: word, message: (text) => sentence(text), status: plain, details: hidden })(value);
};

const sentence: Shape = (text) => (typeof text === 'string' ? shownSentence(text) : hidden(text));

/** A sentence of ours about a field of the job. */
const issue: Shape = (text) => (typeof text === 'string' ? shownSentence(text, 'issues') : hidden(text));

const failure = fields({ organizationId: identifier, error: reason });

/** The records that an audit sync has read. */
const counts = { read: plain, added: plain, known: plain, outOfRange: plain, unreadable: plain };

/** The totals of an audit sync. */
const totals = {
  ...counts,
  organizations: plain,
  failed: plain,
  failures: listOf(failure),
  gaps: listOf(fields({ organizationId: identifier, from: word, to: word })),
};

const expected = fields({ organizationId: identifier, version: plain });

export const saved = fields({
  begun: plain,
  cancelled: plain,
  configurationId: identifier,
  isCreated: plain,
  newest: plain,
  version: plain,
  versionBefore: plain,
  isPublished: plain,
  publications: plain,
  write: word,
  pinned: listOf(identifier),
  left: listOf(identifier),
  deploymentId: identifier,
  deploymentStatus: word,
  isDeploymentSettled: plain,
  waiting: fields({ reason: word, sinceMs: plain, looks: plain }),
  stages: listOf(word),
  intent: word,
  isSent: plain,
  conflicts: plain,
  looks: plain,
  polls: plain,
  deadlineMs: plain,
  missing: listOf(expected),
  replicationId: identifier,
  requestedAtMs: plain,
  acknowledgedMs: plain,
  begunAt: word,
  mediaId: identifier,
  isUploaded: plain,
  isValid: plain,
  sentAtMs: plain,
  attachmentId: identifier,
  asksFirst: plain,
  totals: fields(totals),
  windows: listOf(
    fields({
      organizationId: identifier,
      from: word,
      to: word,
      page: plain,
      ...counts,
      isEnded: plain,
    }),
  ),
  window: fields({ organizationId: identifier, from: word, to: word, ...counts, isEnded: plain }),
  interval: fields({ from: word, to: word }),
  isRealtime: plain,
  at: plain,
  page: plain,
  through: word,
  failures: plain,
  query: fields({ transactionId: identifier, isReady: plain, polls: plain, deadlineMs: plain }),
});

const nameIn =
  (known: ReadonlySet<string>): Shape =>
  (name) =>
    typeof name === 'string' && known.has(name) ? name : hidden(name);

/** Names with dots between them. */
const pathIn =
  (known: ReadonlySet<string>): Shape =>
  (path) =>
    typeof path === 'string' ? path.split('.').map(nameIn(known)).join('.') : hidden(path);

/** Of a configuration in an organization. */
const fieldName = nameIn(CONFIGURATION_FIELDS);
const fieldPath = pathIn(CONFIGURATION_FIELDS);

/** Of a job. */
const contractPath = pathIn(FIELD_NAMES);

/** A change of a configuration: where it is, and not what was there or is now. */
const change = fields({ path: listOf(fieldName), from: hidden, to: hidden });

/** The change of one organization: in the list of a rollout, and as the result of its step. */
const changed = {
  organizationId: identifier,
  versionBefore: plain,
  versionAfter: plain,
  conflictsResolved: plain,
  conflictFields: listOf(fieldPath),
  latencyMs: plain,
  changes: listOf(change),
  // With the dialect platform.
  configurationId: identifier,
  isCreated: plain,
  foreignFields: listOf(fieldPath),
  discardedFields: listOf(fieldPath),
  deployments: listOf(
    fields({
      deploymentId: identifier,
      name: hidden,
      before: fields({ id: identifier, version: word }),
      after: fields({ id: identifier, version: word }),
      isPinned: plain,
    }),
  ),
  deploymentStatus: word,
  stripped: listOf(fieldPath),
  copy: hidden,
};

const organization = fields({ ...changed, status: word, error: reason });

const step = {
  status: wordOrPlain,
  error: reason,
  replicationId: identifier,
  acknowledgedMs: plain,
  activationLatencyMs: plain,
  failedCount: plain,
  failedOrganizations: listOf(failure),
  overwriteExisting: plain,
  found: plain,
  missing: plain,
  missingOrganizations: listOf(identifier),
  stripped: listOf(fieldPath),
};

export const result = fields({
  ...totals,
  ...step,
  messageId: identifier,
  conversationId: identifier,
  templateId: identifier,
  requestMs: plain,
  widgetId: identifier,
  generatedAt: word,
  payloadBytes: plain,
  // Every visitor of a public page can read it, and callers fetch it here.
  scriptTag: published,
  attributesTag: published,
  environment: word,
  missingLanguages: listOf(word),
  notApplied: listOf(word),
  ...changed,
  deploymentId: identifier,
  concurrency: word,
  ignored: listOf(contractPath),
  updated: plain,
  unchanged: plain,
  dryRun: plain,
  // People wrote these: the settings that a dry run would write, and the name of a deployment.
  payload: hidden,
  name: hidden,
  warnings: listOf(issue),
  replication: fields(step),
  audit: fields(step),
  organizations: (value) => (typeof value === 'number' ? value : listOf(organization)(value)),
});

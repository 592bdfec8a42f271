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

/** What a job of several steps has written down, and what jobs came to: of what was there before a write nothing is shown. */

export const reason: Shape = (value) => {
  if (typeof value === 'string') return shownReason(value);
  // The failures of an audit sync have code and message apart.
  return fields({ code: word, message: (text) => sentence(text), status: plain, details: hidden })(value);
};

const sentence: Shape = (text) => (typeof text === 'string' ? shownSentence(text) : hidden(text));

const failure = fields({ organizationId: identifier, error: reason });

/** What an audit sync has come to. */
const totals = {
  organizations: plain,
  read: plain,
  added: plain,
  known: plain,
  outOfRange: plain,
  unreadable: plain,
  failed: plain,
  failures: listOf(failure),
  gaps: listOf(fields({ organizationId: identifier, from: word, to: word })),
};

const expected = fields({ organizationId: identifier, version: plain });

export const saved = fields({
  begun: plain,
  cancelled: plain,
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
  totals: fields(totals),
  windows: listOf(
    fields({
      organizationId: identifier,
      from: word,
      to: word,
      page: plain,
      read: plain,
      added: plain,
      known: plain,
      outOfRange: plain,
      unreadable: plain,
      isEnded: plain,
    }),
  ),
});

/** Names of fields of a configuration that a rollout sets; other names are those of others. */
const SET_BY_ROLLOUTS: ReadonlySet<string> = new Set(
  [
    'widget theme colors primary background typography fontSize fontFamily',
    'accessibility contrastRatio wcagLevel ariaLiveRegion greetings enabled messages delayMs',
    'availability schedule rules features flags audiences dynamicRouting',
  ].flatMap((names) => names.split(' ')),
);

const fieldName: Shape = (name) =>
  typeof name === 'string' && SET_BY_ROLLOUTS.has(name) ? name : hidden(name);

/** Names with dots between them. */
const fieldPath: Shape = (path) =>
  typeof path === 'string' ? path.split('.').map(fieldName).join('.') : hidden(path);

/** A change of a configuration: where it is, and not what was there or is now. */
const change = fields({ path: listOf(fieldName), from: hidden, to: hidden });

const organization = fields({
  organizationId: identifier,
  status: word,
  versionBefore: plain,
  versionAfter: plain,
  conflictsResolved: plain,
  conflictFields: listOf(fieldPath),
  latencyMs: plain,
  changes: listOf(change),
  error: reason,
});

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
};

export const result = fields({
  ...totals,
  ...step,
  messageId: identifier,
  templateId: identifier,
  requestMs: plain,
  widgetId: identifier,
  generatedAt: word,
  payloadBytes: plain,
  // Made to stand in a public page; this is where it is fetched.
  scriptTag: published,
  deploymentId: identifier,
  organizationId: identifier,
  versionBefore: plain,
  versionAfter: plain,
  conflictsResolved: plain,
  conflictFields: listOf(fieldPath),
  latencyMs: plain,
  changes: listOf(change),
  updated: plain,
  unchanged: plain,
  dryRun: plain,
  // The settings that a dry run would write, and the name of a deployment: what people wrote.
  payload: hidden,
  name: hidden,
  warnings: listOf(hidden),
  replication: fields(step),
  audit: fields(step),
  organizations: (value) => (typeof value === 'number' ? value : listOf(organization)(value)),
});

import type {
  EnabledEndpoint,
  Endpoint,
  Job,
  JobOutcome,
  ReloadedTenants,
  Replayed,
} from '../../client/types.ts';
import type { Act } from './acts.ts';
import { act } from './api.ts';
import { count } from './format.ts';

/** The acts of the page, each with its question. `onDone` shows what has changed. */

export function cancelJob({ id }: Pick<Job, 'id'>, onDone: () => void): Act {
  return {
    title: 'Cancel this job',
    text: `No worker sends job ${id}. The next job of its conversation goes on.`,
    verb: 'Cancel the job',
    isGrave: true,
    async run() {
      await act<JobOutcome>('DELETE', `v1/jobs/${encodeURIComponent(id)}`);
      onDone();
      return 'The job is cancelled.';
    },
  };
}

export function redriveJob({ id }: Pick<Job, 'id'>, onDone: () => void): Act {
  return {
    title: 'Redrive this job',
    text: `Workers send job ${id} again, with all its attempts.`,
    verb: 'Redrive the job',
    async run() {
      await act<JobOutcome>('POST', `v1/jobs/${encodeURIComponent(id)}/retry`);
      onDone();
      return 'The job waits for its turn.';
    },
  };
}

export function rollBack(
  { id, tenantId }: Pick<Job, 'id' | 'tenantId'>,
  onDone: (jobId: string) => void,
): Act {
  return {
    title: 'Roll this rollout back',
    text: 'Each field that the rollout set gets the value that it had before. What other administrators have set since stays.',
    verb: 'Roll back',
    isGrave: true,
    fields: [
      {
        name: 'dryRun',
        label: 'How',
        first: 'Show the changes only',
        choices: ['Show the changes only', 'Change the organizations'],
      },
    ],
    async run({ dryRun }) {
      const body = { tenantId, rollback: id, dryRun: dryRun === 'Show the changes only' };
      const accepted = await act<{ readonly id: string }>('POST', 'v1/rollouts', body);
      onDone(accepted.id);
      return 'The rollback is accepted.';
    },
  };
}

export function replayCallback(webhookId: string, onDone: () => void): Act {
  return {
    title: 'Replay this callback',
    text: `Workers send callback ${webhookId} again. Its receiver knows it by the same webhook-id.`,
    verb: 'Replay the callback',
    async run() {
      await act<Replayed>('POST', `v1/webhooks/callbacks/${encodeURIComponent(webhookId)}/replay`);
      onDone();
      return 'The callback is sent again.';
    },
  };
}

export function enableEndpoint(
  { endpointId, url }: Pick<Endpoint, 'endpointId' | 'url'>,
  onDone: () => void,
): Act {
  return {
    title: 'Enable this receiver',
    text: `Workers call ${url} again.`,
    verb: 'Enable the receiver',
    async run() {
      await act<EnabledEndpoint>('POST', `v1/webhooks/endpoints/${encodeURIComponent(endpointId)}/enable`);
      onDone();
      return 'The receiver is enabled.';
    },
  };
}

export function replayMissed({ endpointId, url, failingSince }: Endpoint, onDone: () => void): Act {
  return {
    title: 'Replay what this receiver missed',
    text: `Workers send all callbacks again that ${url} did not take.`,
    verb: 'Replay the callbacks',
    fields: [
      {
        name: 'since',
        label: 'Enqueued since',
        first: failingSince ?? new Date(Date.now() - 86_400_000).toISOString(),
        hint: 'In UTC, such as 2026-03-01T09:30:00Z.',
      },
    ],
    async run({ since }) {
      const { replayed } = await act<Replayed>(
        'POST',
        `v1/webhooks/endpoints/${encodeURIComponent(endpointId)}/replay`,
        { since },
      );
      onDone();
      return `Callbacks that are sent again: ${count(replayed)}.`;
    },
  };
}

const ALL_BUCKETS = 'all';

export function pauseTenant(tenantId: string, onDone: () => void): Act {
  return {
    title: `Pause ${tenantId}`,
    text: 'Its jobs wait, and other tenants go on. Requests that are under way go on to their end.',
    verb: 'Pause the tenant',
    fields: [
      { name: 'for', label: 'For', first: '10m', hint: 'Such as 90s, 10m or 2h; at most 30d.' },
      {
        name: 'reason',
        label: 'Reason',
        first: 'by hand',
        hint: 'It is shown beside the pause: no text of a customer.',
      },
      {
        name: 'bucket',
        label: 'Bucket',
        first: ALL_BUCKETS,
        choices: [ALL_BUCKETS, 'messages', 'cards', 'platform'],
      },
    ],
    async run({ bucket, ...values }) {
      const body = { ...values, ...(bucket !== ALL_BUCKETS && { bucket }) };
      await act('POST', `v1/tenants/${encodeURIComponent(tenantId)}/pause`, body);
      onDone();
      return `${tenantId} is paused.`;
    },
  };
}

export function resumeTenant(tenantId: string, onDone: () => void): Act {
  return {
    title: `Resume ${tenantId}`,
    text: 'Every pause of the tenant ends, whatever its cause.',
    verb: 'Resume the tenant',
    async run() {
      await act('POST', `v1/tenants/${encodeURIComponent(tenantId)}/resume`, {});
      onDone();
      return `${tenantId} goes on.`;
    },
  };
}

export function reloadTenants(onDone: () => void): Act {
  return {
    title: 'Reload the tenants',
    text: 'All workers and servers read the tenants file again.',
    verb: 'Reload the tenants',
    async run() {
      const { tenants, isComplete, issues } = await act<ReloadedTenants>('POST', 'v1/tenants/reload');
      onDone();
      const all = isComplete
        ? 'All processes have taken the whole file.'
        : 'Not all processes have taken the whole file: see their logs.';
      return `${count(tenants)} tenants. ${all}${issues.length > 0 ? ` Errors of entries: ${count(issues.length)}.` : ''}`;
    },
  };
}

import { Command } from 'commander';
import { OperatorError } from '../../core/errors.ts';
import type { NotFound } from '../../operate/callback-operations.ts';
import type { WebhookRecords } from '../../webhooks/records.ts';
import { allEndpoints, renderEndpoints } from '../endpoint-table.ts';
import { asOperator } from '../operator.ts';
import { print, printJson, renderTable } from '../output.ts';
import { moment } from '../values.ts';
import { webhooksTestCommand } from './webhooks-test.ts';

interface Format {
  readonly json?: true;
}

export function webhooksCommand(): Command {
  const webhooks = new Command('webhooks').description(
    'show the receivers of callbacks, replay and test callbacks',
  );
  webhooks
    .command('list')
    .description('show the endpoints, or the attempts of one callback')
    .argument('[id]', 'id of a callback (webhook-id)')
    .option('--json', 'print one JSON object per line')
    .action(async (id: string | undefined, format: Format) => {
      if (id === undefined) await listEndpoints(format);
      else await listAttempts(id, format);
    });
  webhooks
    .command('replay')
    .description('send a callback again, or all callbacks that an endpoint missed')
    .argument('[id]', 'id of a callback (webhook-id)')
    .option(
      '--since <time>',
      'callbacks enqueued at this time or later, such as 2026-03-01T09:30:00Z',
      moment,
    )
    .option('--endpoint <endpoint>', 'id or address, as list shows it')
    .option('--json', 'print the result as JSON')
    .action(async (id: string | undefined, options: ReplayOptions) => {
      if (id === undefined) await replaySince(options);
      else await replayOne(id, options);
    });
  webhooks
    .command('enable')
    .description('enable a disabled endpoint, or end the pause of an endpoint')
    .argument('<endpoint>', 'id or address, as list shows it')
    .option('--json', 'print the result as JSON')
    .action(enable);
  webhooks.addCommand(webhooksTestCommand());
  return webhooks;
}

async function listEndpoints({ json }: Format): Promise<void> {
  const endpoints = await asOperator(allEndpoints);
  if (json) return endpoints.forEach(printJson);
  if (endpoints.length === 0) return print('workers called no endpoint lately');
  process.stdout.write(`${renderEndpoints(endpoints)}\n`);
}

async function listAttempts(id: string, { json }: Format): Promise<void> {
  const attempts = await asOperator(async ({ records, replays }) => {
    const callback = await replays.about(id);
    if (!callback) throw noCallback();
    return await records.attempts(callback.tenantId, id);
  });
  if (json) return attempts.forEach(printJson);
  if (attempts.length === 0) return print('no attempt yet');
  process.stdout.write(`${renderAttempts(attempts)}\n`);
}

interface ReplayOptions extends Format {
  readonly since?: Date;
  readonly endpoint?: string;
}

async function replayOne(id: string, { since, endpoint, json }: ReplayOptions): Promise<void> {
  if (since !== undefined || endpoint !== undefined) {
    throw new OperatorError('Give the id of a callback, or --since and --endpoint; not both.', 'usage');
  }
  const outcome = await asOperator(({ operations }) => operations.replayCallback({ id }));
  if (outcome.status === 'unknown') throw noCallback();
  if (outcome.status === 'disabled') throw stillDisabled(outcome.endpointId);
  if (outcome.status === 'under-way') {
    throw new OperatorError('The callback is under way already.', 'refused');
  }
  if (json) printJson({ replayed: 1 });
  else print(`${id} will be sent again`);
}

async function replaySince({ since, endpoint, json }: ReplayOptions): Promise<void> {
  if (since === undefined || endpoint === undefined) {
    throw new OperatorError('Give the id of a callback, or both --since and --endpoint.', 'usage');
  }
  const missed = { endpoint, sinceMs: since.getTime() };
  const outcome = await asOperator(({ operations }) => operations.replayMissed(missed));
  if (outcome.status === 'disabled') throw stillDisabled(outcome.endpointId);
  if (outcome.status !== 'replayed') throw noEndpoint(outcome);
  const { count } = outcome;
  if (json) printJson({ replayed: count });
  else print(`${count} callbacks will be sent again`);
}

async function enable(endpoint: string, { json }: Format): Promise<void> {
  const came = await asOperator(({ operations }) => operations.enableEndpoint({ endpoint }));
  if (!('endpointId' in came)) throw noEndpoint(came);
  const { endpointId, status: outcome } = came;
  if (json) return printJson({ endpointId, outcome });
  print(`${endpointId} ${outcome === 'was-enabled' ? 'was not disabled; its pause is over' : 'is enabled'}`);
}

/** No endpoint, or more than one, has the id or the address. */
function noEndpoint(outcome: NotFound): OperatorError {
  if (outcome.status === 'unknown') {
    const message = 'There is no such endpoint; gwm webhooks list shows those called lately.';
    return new OperatorError(message, 'not-found');
  }
  const ids = outcome.endpointIds.join(', ');
  return new OperatorError(`Several endpoints have this address; name one by its id: ${ids}.`, 'usage');
}

function stillDisabled(endpointId: string): OperatorError {
  return new OperatorError(
    `The endpoint ${endpointId} is disabled; run gwm webhooks enable ${endpointId} first.`,
    'refused',
  );
}

function noCallback(): OperatorError {
  return new OperatorError('There is no such callback.', 'not-found');
}

function renderAttempts(attempts: Awaited<ReturnType<WebhookRecords['attempts']>>): string {
  const rows = attempts.map((attempt) => {
    if (attempt.outcome === 'replayed') return [attempt.at, attempt.outcome, '', '', ''];
    const { at, outcome, status, latencyMs, answer } = attempt;
    return [at, outcome, status ?? '', `${latencyMs} ms`, answer === undefined ? '' : JSON.stringify(answer)];
  });
  return renderTable(['at', 'outcome', 'status', 'took', 'answer'], rows);
}

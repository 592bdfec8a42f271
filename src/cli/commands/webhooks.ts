import Table from 'cli-table3';
import { Command } from 'commander';
import { OperatorError } from '../../core/errors.ts';
import { endpointUrlOf } from '../../webhooks/endpoints.ts';
import type { EndpointView, WebhookRecords } from '../../webhooks/records.ts';
import { allEndpoints, renderEndpoints } from '../endpoint-table.ts';
import { asOperator, type Operator } from '../operator.ts';
import { webhooksTestCommand } from './webhooks-test.ts';

interface Format {
  readonly json?: true;
}

export function webhooksCommand(): Command {
  const webhooks = new Command('webhooks').description(
    'look at the receivers of callbacks, replay and try callbacks',
  );
  webhooks
    .command('list')
    .description('show the endpoints, or with the id of a callback what came of its attempts')
    .argument('[id]', 'of a callback, its webhook-id')
    .option('--json', 'one JSON object per line')
    .action(async (id: string | undefined, format: Format) => {
      if (id === undefined) await listEndpoints(format);
      else await listAttempts(id, format);
    });
  webhooks
    .command('replay')
    .description('send a callback once more, or all that an endpoint missed')
    .argument('[id]', 'of a callback, its webhook-id')
    .option('--since <time>', 'what was enqueued then or later, such as 2026-03-01T09:30:00Z')
    .option('--endpoint <endpoint>', 'its id or its address, as list shows it')
    .option('--json', 'print the result as JSON')
    .action(async (id: string | undefined, options: ReplayOptions) => {
      if (id === undefined) await replaySince(options);
      else await replayOne(id, options);
    });
  webhooks
    .command('enable')
    .description('call an endpoint again that was disabled, or is paused')
    .argument('<endpoint>', 'its id or its address, as list shows it')
    .action(enable);
  webhooks.addCommand(webhooksTestCommand());
  return webhooks;
}

async function listEndpoints({ json }: Format): Promise<void> {
  const endpoints = await asOperator(allEndpoints);
  if (json) for (const endpoint of endpoints) console.log(JSON.stringify(endpoint));
  else console.log(endpoints.length === 0 ? 'no endpoint was called lately' : renderEndpoints(endpoints));
}

async function listAttempts(id: string, { json }: Format): Promise<void> {
  const attempts = await asOperator(async ({ records, replays }) => {
    const tenantId = await replays.tenantOf(id);
    if (tenantId === undefined) throw new OperatorError(`There is no callback ${id}.`);
    return await records.attempts(tenantId, id);
  });
  if (json) for (const attempt of attempts) console.log(JSON.stringify(attempt));
  else console.log(attempts.length === 0 ? 'no attempt yet' : renderAttempts(attempts));
}

interface ReplayOptions extends Format {
  readonly since?: string;
  readonly endpoint?: string;
}

async function replayOne(id: string, { since, endpoint, json }: ReplayOptions): Promise<void> {
  if (since !== undefined || endpoint !== undefined) {
    throw new OperatorError('Give the id of a callback, or --since and --endpoint; not both.');
  }
  const outcome = await asOperator(({ replays }) => replays.replay(id));
  if (outcome.status === 'unknown') throw new OperatorError(`There is no callback ${id}.`);
  if (outcome.status === 'disabled') throw stillDisabled(outcome.endpointId);
  if (outcome.status === 'under-way') throw new OperatorError(`${id} is on its way already.`);
  console.log(json ? JSON.stringify({ replayed: 1 }) : `${id} is sent once more`);
}

async function replaySince({ since, endpoint, json }: ReplayOptions): Promise<void> {
  if (since === undefined || endpoint === undefined) {
    throw new OperatorError('Give the id of a callback, or both --since and --endpoint.');
  }
  const sinceMs = timeOf(since);
  const replayed = await asOperator(async (operator) => {
    const { tenantId, endpointId, disabledFor } = await endpointNamed(operator, endpoint);
    if (disabledFor) throw stillDisabled(endpointId);
    return await operator.replays.replaySince(tenantId, endpointId, sinceMs);
  });
  console.log(json ? JSON.stringify({ replayed }) : `${replayed} callbacks are sent once more`);
}

async function enable(name: string): Promise<void> {
  const { endpointId, outcome } = await asOperator(async (operator) => {
    const { tenantId, endpointId } = await endpointNamed(operator, name);
    return { endpointId, outcome: await operator.endpoints.enable(tenantId, endpointId) };
  });
  console.log(
    `${endpointId} ${outcome === 'was-enabled' ? 'was not disabled; its pause is over' : 'is enabled'}`,
  );
}

/** By its id or its address. @throws {OperatorError} when there is none, or more than one. */
async function endpointNamed(operator: Operator, name: string): Promise<EndpointView> {
  const url = URL.canParse(name) ? endpointUrlOf(name) : undefined;
  const all = await allEndpoints(operator);
  const [found, ...others] = all.filter((endpoint) => endpoint.endpointId === name || endpoint.url === url);
  if (!found) throw new OperatorError(`No endpoint ${name} was called lately; gwm webhooks list shows them.`);
  if (others.length === 0) return found;
  const ids = [found, ...others].map(({ endpointId, tenantId }) => `${endpointId} (${tenantId})`);
  throw new OperatorError(`Several tenants call ${name}; name one by its id: ${ids.join(', ')}.`);
}

function stillDisabled(endpointId: string): OperatorError {
  return new OperatorError(
    `The endpoint ${endpointId} is disabled; gwm webhooks enable ${endpointId} comes first.`,
  );
}

function timeOf(text: string): number {
  const ms = Date.parse(text);
  if (Number.isFinite(ms)) return ms;
  throw new OperatorError(`--since: got "${text}", expected a time such as 2026-03-01T09:30:00Z.`);
}

function renderAttempts(attempts: Awaited<ReturnType<WebhookRecords['attempts']>>): string {
  const table = new Table({
    head: ['at', 'outcome', 'status', 'took', 'answer'],
    style: { head: [], border: [] },
  });
  for (const attempt of attempts) {
    if (attempt.outcome === 'replayed') {
      table.push([attempt.at, attempt.outcome, '', '', '']);
      continue;
    }
    const { at, outcome, status, latencyMs, answer } = attempt;
    // Quoted: what a receiver answers must not move the cursor of a terminal.
    table.push([
      at,
      outcome,
      status ?? '',
      `${latencyMs} ms`,
      answer === undefined ? '' : JSON.stringify(answer),
    ]);
  }
  return table.toString();
}

import { expect } from 'vitest';
import { endpointIdOf } from '../../../src/webhooks/endpoints.ts';
import { type openEndpointStage, URL_A } from '../../support/webhooks/endpoint-stage.ts';

type Stage = ReturnType<typeof openEndpointStage>;

/** What new callbacks are told, one after the other. */
export async function verdicts(stage: Stage, ...jobIds: string[]): Promise<string[]> {
  const told = [];
  for (const jobId of jobIds) told.push((await stage.arrive(jobId)).verdict);
  return told;
}

let failures = 0;

/** So many callbacks that are refused, one after the other. */
export async function fail(stage: Stage, times: number): Promise<void> {
  for (let time = 0; time < times; time++) await failOnce(stage, `failure-${failures++}`);
}

/** @returns why the endpoint was disabled, if it was. */
export async function failOnce(stage: Stage, jobId: string) {
  expect(await stage.arrive(jobId)).toMatchObject({ verdict: 'go' });
  return await stage.leave(jobId, 'refused');
}

/** The endpoint at URL_A, as operators see it. */
export async function view(stage: Stage) {
  return await stage.records.endpoint('acme', endpointIdOf('acme', URL_A));
}

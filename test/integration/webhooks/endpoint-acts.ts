import { expect } from 'vitest';
import { endpointIdOf } from '../../../src/webhooks/endpoint-id.ts';
import { type openEndpointStage, URL_A } from '../../support/webhooks/endpoint-stage.ts';

type Stage = ReturnType<typeof openEndpointStage>;

/** The verdicts on new callbacks, one after the other. */
export async function verdicts(stage: Stage, ...jobIds: string[]): Promise<string[]> {
  const given = [];
  for (const jobId of jobIds) given.push((await stage.arrive(jobId)).verdict);
  return given;
}

let failures = 0;

/** Sends callbacks that the receiver refuses, one after the other. */
export async function fail(stage: Stage, times: number): Promise<void> {
  for (let time = 0; time < times; time++) await failOnce(stage, `failure-${failures++}`);
}

/** @returns why this failure disabled the endpoint; undefined if it did not. */
export async function failOnce(stage: Stage, jobId: string) {
  expect(await stage.arrive(jobId)).toMatchObject({ verdict: 'go' });
  return await stage.leave(jobId, 'refused');
}

/** The endpoint at URL_A, as operators see it. */
export async function view(stage: Stage) {
  return await stage.records.endpoint('acme', endpointIdOf('acme', URL_A));
}

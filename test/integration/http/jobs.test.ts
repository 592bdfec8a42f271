import { describe, expect, test } from 'vitest';
import { message, openSystem } from '../../support/system.ts';
import { basic, openServer } from './stage.ts';

const KIND = 'message-transmission';

describe('GET /v1/jobs', () => {
  test('shows state and steps of a job, and no text of its message', async () => {
    const system = await openSystem();
    const { jobIds } = await system.openProducer().enqueue(KIND, message());
    const { url } = await openServer(system);

    const response = await fetch(`${url}/v1/jobs/${KIND}/${jobIds[0]}`);
    const text = await response.text();

    expect(response.status).toBe(200);
    expect(JSON.parse(text)).toMatchObject({
      jobId: jobIds[0],
      kind: KIND,
      name: KIND,
      state: expect.stringMatching(/^(waiting|delayed)$/),
      steps: null,
    });
    expect(text).not.toContain(message().body.content);
  });

  test.for([
    {
      what: 'of an unknown queue',
      path: '/v1/jobs/messages/jabc',
      error: /^there is no such queue; the queues are message-/,
    },
    {
      what: 'that does not exist',
      path: `/v1/jobs/${KIND}/jabc`,
      error: /^message-transmission has no such job$/,
    },
  ])('$what: 404', async ({ path, error }) => {
    const { url } = await openServer(await openSystem());

    const response = await fetch(url + path);

    expect(response.status).toBe(404);
    expect(await response.json()).toEqual({ error: expect.stringMatching(error) });
  });

  test('needs the login of the board', async () => {
    const { url } = await openServer(await openSystem(), { BOARD_PASSWORD: 'correct horse battery' });
    const path = `${url}/v1/jobs/${KIND}/jabc`;

    const stranger = await fetch(path);
    const operator = await fetch(path, {
      headers: { authorization: basic('admin', 'correct horse battery') },
    });

    expect([stranger.status, operator.status]).toEqual([401, 404]);
  });
});

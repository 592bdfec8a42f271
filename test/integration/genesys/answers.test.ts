import { describe, expect, test } from 'vitest';
import { STATUSES } from '../../support/statuses.ts';
import { openSystem, type System, text } from '../../support/system.ts';
import { failureOf, openCaller } from './caller.ts';

describe('an answer of Genesys Cloud that is no success', () => {
  test.each(STATUSES)('%i is %s, which means: %s', async (status, code, disposition) => {
    const system = await openSystem();
    await answerWith(system, { status });

    const error = await failureOf(openCaller(system).send('job-1'));

    expect(error).toMatchObject({ code, disposition, status });
    expect(error.message).toContain(`message.send: Genesys Cloud answered ${status}`);
    expect(await system.sandbox.requests('message.send')).toHaveLength(1);
  });

  test('is an error with its correlation id', async () => {
    const system = await openSystem();
    await answerWith(system, { status: 500 });

    const error = await failureOf(openCaller(system).send('job-1'));

    expect(error.message).toMatch(/correlation id [0-9a-f-]{36}/);
  });

  test.each([429, 503])('of %i is an error with the wait that it asks for', async (status) => {
    const system = await openSystem();
    await answerWith(system, { status, retryAfterSeconds: 7 });

    expect(await failureOf(openCaller(system).send('job-1'))).toMatchObject({ retryAfterMs: 7_000 });
  });

  test('of 429 may ask for no wait', async () => {
    const system = await openSystem();
    await answerWith(system, { status: 429 });

    expect(await failureOf(openCaller(system).send('job-1'))).toMatchObject({ retryAfterMs: undefined });
  });

  test('of 403 is an error with the missing scope', async () => {
    const system = await openSystem();
    await answerWith(system, { status: 403 });

    const error = await failureOf(openCaller(system).send('job-1'));

    expect(error.message).toContain('messaging:conversation:write');
  });

  test('is an error with the refused fields, without the text that it quotes', async () => {
    const system = await openSystem();
    const quoted = 'my card number is 4711';
    await answerWith(system, {
      status: 400,
      body: {
        message: `refused: ${quoted}`,
        code: 'bad.request',
        details: [{ fieldName: 'body.content', errorCode: 'invalid.value', message: quoted }],
        errors: [{ fieldName: 'to.id', code: 'not.known', userMessage: quoted }, 'no object', null],
      },
    });

    const error = await failureOf(openCaller(system).send('job-1', { fields: { body: text(quoted) } }));

    expect(error.message).toContain('bad.request');
    expect(error.details).toEqual(['body.content: invalid.value', 'to.id: not.known']);
    expect(JSON.stringify([error.message, error.details])).not.toContain(quoted);
  });

  test.each([
    ['a page of HTML', '<html>Bad Gateway</html>'],
    ['nothing', ''],
    ['another shape', [1, 'two', null]],
    ['fields of other types', { code: 7, details: 'none', errors: {}, contextId: [] }],
  ])('may have a body of %s', async (_what, body) => {
    const system = await openSystem();
    await answerWith(system, { status: 502, body });

    expect(await failureOf(openCaller(system).send('job-1'))).toMatchObject({
      code: 'GENESYS_UNAVAILABLE',
      details: [],
    });
  });

  test('cannot put line breaks or escape sequences into a log', async () => {
    const system = await openSystem();
    await answerWith(system, {
      status: 400,
      body: { code: 'bad\n\u001b[31mrequest', contextId: 'x'.repeat(500) },
    });

    const { message } = await failureOf(openCaller(system).send('job-1'));

    expect(message).toMatch(/^[\x20-\x7e]+$/);
    expect(message.length).toBeLessThan(400);
  });
});

interface InjectedAnswer {
  readonly status: number;
  readonly retryAfterSeconds?: number;
  readonly body?: unknown;
}

async function answerWith({ sandbox }: System, answer: InjectedAnswer): Promise<void> {
  await sandbox.inject({ operations: { 'message.send': { errors: [{ ...answer, rate: 1 }] } } });
}

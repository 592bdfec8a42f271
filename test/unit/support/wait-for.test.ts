import { expect, test } from 'vitest';
import { waitFor } from '../../support/wait-for.ts';

test('waitFor returns the first truthy answer', async () => {
  const answers = [undefined, 0, '', false, null, 'at last', 'too late'];

  expect(await waitFor(() => answers.shift(), { what: 'an answer' })).toBe('at last');
});

test('waitFor asks again after a probe that throws', async () => {
  let asked = 0;
  const probe = async () => {
    asked += 1;
    if (asked < 3) throw new Error('not there');
    return asked;
  };

  expect(await waitFor(probe, { what: 'the third try' })).toBe(3);
});

test('after the deadline the error has the expectation and the last answer', async () => {
  await expect(waitFor(() => 0, { what: 'a job', deadlineMs: 30 })).rejects.toThrow(
    'Waited 30 ms in vain for a job. The last answer: 0',
  );
});

test('after the deadline the error has what the probe threw', async () => {
  const probe = () => {
    throw new TypeError('not there');
  };

  await expect(waitFor(probe, { what: 'a job', deadlineMs: 30 })).rejects.toThrow(
    /a job.*TypeError: not there/,
  );
});

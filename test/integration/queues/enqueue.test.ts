import { describe, expect, test } from 'vitest';
import { JobRejectedError } from '../../../src/queues/producer.ts';
import { loadTenants } from '../../../src/tenants/registry.ts';
import { message, openSystem, type System, text } from '../../support/system.ts';
import { sequencesOf, textsOf, waitingJobs } from './stored.ts';

const KIND = 'message-transmission';

describe('enqueueing one job', () => {
  test('puts it into its queue with its data and its sequence number', async () => {
    const system = await openSystem();
    const producer = system.openProducer();

    const { status, jobIds } = await producer.enqueue(KIND, message({ priority: 'urgent' as const }));

    expect(status).toBe('accepted');
    const [job, ...others] = await waitingJobs(system);
    expect(others).toEqual([]);
    expect(job?.id).toBe(jobIds[0]);
    expect(job?.opts).toMatchObject({ attempts: 1_000_000 });
    expect(job?.data).toEqual({
      tenantId: 'acme',
      payload: { ...message(), attachments: [], readReceipt: true, split: false, priority: 'urgent' },
    });
  });

  test('gives each message of a conversation the next sequence number', async () => {
    const system = await openSystem();
    const producer = system.openProducer();

    for (const content of ['one', 'two', 'three']) {
      await producer.enqueue(KIND, message({ body: text(content) }));
    }

    const jobs = await waitingJobs(system);
    expect(textsOf(jobs)).toEqual(['one', 'two', 'three']);
    expect(sequencesOf(jobs)).toEqual([1, 2, 3]);
  });

  test('reports all its errors, and puts nothing into the queue', async () => {
    const system = await openSystem();
    const wrong = message({
      tenantId: 'no such tenant',
      guestId: '',
      body: text('see malware.exe'),
      extra: 1,
    });

    const failure = system.openProducer().enqueue(KIND, wrong as never);

    await expect(failure).rejects.toThrow(JobRejectedError);
    await expect(failure).rejects.toMatchObject({
      errors: [
        { path: 'tenantId' },
        { path: 'guestId' },
        { path: '', message: 'unknown field "extra"' },
        { path: 'body.content', message: expect.stringContaining('blocked by the pattern') },
      ],
    });
    expect(await waitingJobs(system)).toEqual([]);
  });

  test('never quotes the text in its error', async () => {
    const system = await openSystem();
    const content = `my card number is 4711 ${'x'.repeat(5_000)}`;

    await expect(system.openProducer().enqueue(KIND, message({ body: text(content) }))).rejects.toThrow(
      expect.not.objectContaining({ message: expect.stringContaining('4711 x') }),
    );
  });
});

describe('a producer that knows the tenants', () => {
  test('rejects an unknown tenant', async () => {
    const system = await openSystem({ tenants: ['acme', 'globex'] });
    const producer = system.openProducer({ tenants: tenantsOf(system) });

    const failure = producer.enqueue(KIND, message({ tenantId: 'initech' }));

    await expect(failure).rejects.toThrow(/tenantId: there is no such tenant in the tenants file$/);
    expect(await waitingJobs(system)).toEqual([]);
  });

  test("applies the patterns of a tenant to that tenant's messages only", async () => {
    const tenants = [{ id: 'acme', blockedPatterns: ['coupon-\\d{6}'] }, 'globex'];
    const system = await openSystem({ tenants });
    const producer = system.openProducer({ tenants: tenantsOf(system) });
    const body = text('take COUPON-123456');

    await expect(producer.enqueue(KIND, message({ body }))).rejects.toThrow(/blocked by the pattern/);
    expect(await producer.enqueue(KIND, message({ tenantId: 'globex', body }))).toMatchObject({
      status: 'accepted',
    });
  });

  test('accepts every tenant without a tenants file, because the workers decide', async () => {
    const system = await openSystem();

    expect(await system.openProducer().enqueue(KIND, message({ tenantId: 'initech' }))).toMatchObject({
      status: 'accepted',
    });
  });
});

describe('a long text', () => {
  test('becomes several messages of one conversation, in order, with split', async () => {
    const system = await openSystem();
    const content = 'lorem ipsum '.repeat(800).trim();
    const attachments = [
      {
        contentType: 'image/png' as const,
        url: 'https://files.example/a.png',
        fileName: 'a.png',
        sizeBytes: 9,
      },
    ];

    const { jobIds } = await system
      .openProducer()
      .enqueue(KIND, message({ body: text(content), split: true, attachments }));

    const jobs = await waitingJobs(system);
    expect(jobs.map(({ id }) => id)).toEqual(jobIds);
    expect(jobs).toHaveLength(3);
    expect(textsOf(jobs).join('')).toBe(content);
    expect(sequencesOf(jobs)).toEqual([1, 2, 3]);
    for (const part of textsOf(jobs)) expect(Buffer.byteLength(part)).toBeLessThanOrEqual(4_096);
    expect(jobs.map(({ data }) => (data.payload['attachments'] as unknown[]).length)).toEqual([0, 0, 1]);
  });

  test('is rejected without split', async () => {
    const system = await openSystem();

    await expect(
      system.openProducer().enqueue(KIND, message({ body: text('x'.repeat(4_097)) })),
    ).rejects.toThrow(/body\.content: expected at most 4096 bytes of UTF-8, got 4097; set split/);
  });
});

function tenantsOf({ config, environment }: System) {
  return loadTenants({ file: config.tenantsFile, environment, requireSecrets: false });
}

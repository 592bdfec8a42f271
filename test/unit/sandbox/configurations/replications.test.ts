import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createAuditRecords } from '../../../../src/sandbox/audit/audit-records.ts';
import { createOrganizations } from '../../../../src/sandbox/configurations/organizations.ts';
import {
  createReplications,
  type ReplicationOrder,
} from '../../../../src/sandbox/configurations/replications.ts';
import { createManualClock } from '../../../support/clock.ts';

const order: ReplicationOrder = {
  sourceOrganizationId: 'source',
  targetOrganizationIds: ['one', 'two'],
  overwriteExisting: true,
};
const authorship = { clientId: 'acme-client', atMs: 0 };

function open() {
  const clock = createManualClock();
  const auditRecords = createAuditRecords();
  const organizations = createOrganizations(auditRecords, clock.now());
  const replications = createReplications(organizations);
  organizations.set('acme', 'source', { configuration: { label: 'new' } }, clock.now());
  const start = (changes: Partial<ReplicationOrder> = {}) =>
    replications.start('acme', 'acme-client', { ...order, ...changes }, clock.now());
  const look = (id: string) => replications.find('acme', id, clock.now());
  return { clock, auditRecords, organizations, replications, start, look };
}

describe('a replication', () => {
  test('is queued for a quarter of its duration, runs for the rest, and is completed', () => {
    const { clock, start, look } = open();
    const id = start();
    const startedAtMs = clock.now();
    const statuses = [0, 74, 1, 224, 1].map((ms) => {
      clock.advance(ms);
      return look(id)?.status;
    });
    expect(statuses).toEqual(['queued', 'queued', 'running', 'running', 'completed']);
    clock.advance(1_000);
    expect(look(id)).toEqual({
      id,
      status: 'completed',
      targets: [
        { organizationId: 'one', status: 'active', version: 2 },
        { organizationId: 'two', status: 'active', version: 2 },
      ],
      startedAtMs,
      completedAtMs: startedAtMs + 300,
    });
  });

  test('leaves its targets pending and unchanged until its end', () => {
    const { clock, organizations, start, look } = open();
    const id = start();
    clock.advance(299);
    expect(look(id)).toMatchObject({
      targets: [
        { organizationId: 'one', status: 'pending', version: null },
        { organizationId: 'two', status: 'pending', version: null },
      ],
      completedAtMs: null,
    });
    expect(organizations.of('acme', 'one').version).toBe(1);
  });

  test('copies the source at its end, under the time of its end, at any later call', () => {
    const { clock, auditRecords, organizations, replications, start } = open();
    start({ targetOrganizationIds: ['one'] });
    const endsAtMs = clock.now() + 300;
    organizations.set('acme', 'source', { configuration: { label: 'newer' } }, clock.now());
    clock.advance(5_000);
    replications.catchUp(clock.now());
    expect(organizations.of('acme', 'one')).toMatchObject({
      version: 2,
      configuration: { label: 'newer' },
      lastModifiedMs: endsAtMs,
    });
    expect(auditRecords.all('acme')).toMatchObject([
      { organizationId: 'one', version: 2, timestamp: new Date(endsAtMs).toISOString() },
    ]);
  });

  test('without overwriting keeps the configuration of a target, which becomes active', () => {
    const { clock, auditRecords, organizations, start, look } = open();
    organizations.change('acme', 'one', { label: 'own' }, authorship);
    const id = start({ overwriteExisting: false });
    clock.advance(300);
    expect(look(id)?.targets).toEqual([
      { organizationId: 'one', status: 'active', version: 2 },
      { organizationId: 'two', status: 'active', version: 2 },
    ]);
    expect(organizations.of('acme', 'one').configuration).toEqual({ label: 'own' });
    expect(organizations.of('acme', 'two').configuration).toEqual({ label: 'new' });
    expect(auditRecords.all('acme').map(({ organizationId }) => organizationId)).toEqual(['one', 'two']);
  });

  test.each([
    ['completed', []],
    ['partial', ['two']],
    ['failed', ['one', 'two']],
  ])('is %s when %j fail, and leaves the failed targets unchanged', (status, failing) => {
    const { clock, organizations, replications, start, look } = open();
    replications.configure('acme', { failing });
    const id = start();
    clock.advance(300);
    expect(look(id)?.status).toBe(status);
    for (const target of look(id)?.targets ?? []) {
      const isFailing = failing.includes(target.organizationId);
      expect(target.status).toBe(isFailing ? 'failed' : 'active');
      expect(target.error).toEqual(isFailing ? expect.any(String) : undefined);
      expect(organizations.of('acme', target.organizationId).version).toBe(isFailing ? 1 : 2);
    }
  });

  test('fails at a target that is not assigned to the client', () => {
    const { clock, organizations, start, look } = open();
    organizations.set('acme', 'two', { isAssigned: false }, clock.now());
    const id = start();
    clock.advance(300);
    expect(look(id)).toMatchObject({
      status: 'partial',
      targets: [{}, { status: 'failed', error: 'The organization is not assigned to the client.' }],
    });
  });

  test('is visible to its tenant only', () => {
    const { clock, replications, start } = open();
    const id = start();
    expect(replications.find('globex', id, clock.now())).toBeUndefined();
  });

  test('keeps the duration of its start', () => {
    const { clock, replications, start, look } = open();
    const slow = start();
    replications.configure('acme', { durationMs: 0 });
    replications.configure('acme', { failing: ['elsewhere'] });
    expect(look(start({ targetOrganizationIds: ['three'] }))?.status).toBe('completed');
    expect(look(slow)?.status).toBe('queued');
    clock.advance(300);
    expect(look(slow)?.status).toBe('completed');
  });

  test('takes effect at its end, also before an earlier replication', () => {
    const { clock, organizations, replications, start } = open();
    start({ targetOrganizationIds: ['one'] });
    replications.configure('acme', { durationMs: 100 });
    organizations.set('acme', 'other', { configuration: { label: 'other' } }, clock.now());
    start({ sourceOrganizationId: 'other', targetOrganizationIds: ['one'] });
    clock.advance(1_000);
    replications.catchUp(clock.now());
    expect(organizations.of('acme', 'one')).toMatchObject({ version: 3, configuration: { label: 'new' } });
  });

  test('never goes back a state, and changes a target once, for any number of calls at any time', () => {
    const steps = ['queued', 'running', 'completed'];
    fc.assert(
      fc.property(fc.array(fc.nat(150), { minLength: 1, maxLength: 20 }), (pausesMs) => {
        const { clock, organizations, start, look } = open();
        const id = start();
        const seen = pausesMs.map((ms) => {
          clock.advance(ms);
          return steps.indexOf(look(id)?.status ?? '');
        });
        expect(seen).toEqual(seen.toSorted((a, b) => a - b));
        expect(organizations.of('acme', 'one').version).toBe(seen.at(-1) === 2 ? 2 : 1);
      }),
    );
  });
});

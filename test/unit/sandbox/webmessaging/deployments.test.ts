import { expect, test } from 'vitest';
import { createAuditRecords } from '../../../../src/sandbox/audit/audit-records.ts';
import { createDeployments } from '../../../../src/sandbox/webmessaging/deployments.ts';

const authorship = { clientId: 'acme-client', atMs: 0 };
const description = { name: 'Chat', properties: { active: true } };

test('deployments keep their position; each change adds an audit record, and a test that sets one does not', () => {
  const auditRecords = createAuditRecords();
  const deployments = createDeployments(auditRecords);
  const first = deployments.create('acme', description, authorship);
  const second = deployments.create('acme', description, authorship);
  deployments.put('acme', first.id, { ...description, name: 'Renamed' }, authorship);
  deployments.put('acme', 'chosen', description, authorship);
  deployments.set('acme', { ...description, id: 'set' });

  expect(deployments.all('acme').map(({ id, name }) => [id, name])).toEqual([
    [first.id, 'Renamed'],
    [second.id, 'Chat'],
    ['chosen', 'Chat'],
    ['set', 'Chat'],
  ]);
  expect(deployments.find('globex', first.id)).toBeUndefined();
  expect(auditRecords.all('acme').map(({ action, entityId }) => [action, entityId])).toEqual([
    ['webmessaging:deployment:create', first.id],
    ['webmessaging:deployment:create', second.id],
    ['webmessaging:deployment:update', first.id],
    ['webmessaging:deployment:create', 'chosen'],
  ]);
});

test('a new deployment has a new id, also when its description has one', () => {
  const deployments = createDeployments(createAuditRecords());
  const { id } = deployments.create('acme', { ...description, id: 'mine' }, authorship);
  expect(id).not.toBe('mine');
  expect(deployments.find('acme', 'mine')).toBeUndefined();
});

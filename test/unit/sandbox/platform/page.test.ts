import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { platformOperations, UPLOAD_OPERATION } from '../../../../src/sandbox/platform/operations.ts';
import { platformPermissions } from '../../../../src/sandbox/platform/organization/permissions.ts';
import { createSettings } from '../../../../src/sandbox/platform/settings.ts';

const page = readFileSync(new URL('../../../../docs/sandbox.md', import.meta.url), 'utf8');

test('the page of the sandbox has one row for each operation, with its request and permissions', () => {
  const rows = [...page.matchAll(/^\| `(platform\.[\w.]+)` \| `(\w+) ([^`]+)` \| (.+) \|$/gm)];
  const documented = rows.map(([, name, method, path, permissions = '']) => ({
    name,
    method,
    path: `/api/v2/${path}`,
    permissions: permissions === 'none' ? [] : permissions.replaceAll('`', '').split(/ and | or /),
    needs: permissions.includes(' or ') ? 'any' : 'all',
  }));
  expect(documented).toEqual(
    platformOperations.map(({ name, method, path, permissions, needs }) => ({
      name,
      method,
      path,
      permissions,
      needs,
    })),
  );
  expect(page).toContain(`\`${UPLOAD_OPERATION}\``);
});

test('the page of the sandbox names every setting', () => {
  const settings = Object.entries(createSettings({}).current);
  const names = settings.flatMap(([group, fields]) =>
    Object.keys(fields).map((field) => `${group}.${field}`),
  );
  expect(names.length).toBeGreaterThan(30);
  expect(names.filter((name) => !page.includes(`\`${name}\``))).toEqual([]);
});

test('every permission of the sandbox belongs to an operation', () => {
  const used = new Set(platformOperations.flatMap(({ permissions }) => permissions));
  expect([...platformPermissions].sort()).toEqual([...used].sort());
});

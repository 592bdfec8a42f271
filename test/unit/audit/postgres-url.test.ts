import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { describePostgresUrl, parsePostgresUrl } from '../../../src/audit/postgres-url.ts';
import { OperatorError } from '../../../src/core/errors.ts';
import { onEnd } from '../../support/lifetime.ts';

const BASE = 'postgres://gwm:hunter2@db.example:5433/audit';

test.for([
  ['', false, false],
  ['?sslmode=disable', false, false],
  ['?sslmode=allow', { rejectUnauthorized: false }, true],
  ['?sslmode=prefer', { rejectUnauthorized: false }, true],
  ['?sslmode=require', { rejectUnauthorized: false }, false],
  ['?ssl=true', { rejectUnauthorized: false }, false],
  ['?sslmode=verify-ca', { rejectUnauthorized: true }, false],
  ['?sslmode=verify-full', { rejectUnauthorized: true }, false],
] as const)('an address with "%s" connects as libpq does', ([query, ssl, isTlsOptional]) => {
  const address = parsePostgresUrl(`${BASE}${query}`);

  expect(address).toMatchObject({ connectionString: BASE, isTlsOptional });
  if (ssl === false) expect(address.ssl).toBe(false);
  else expect(address.ssl).toMatchObject(ssl);
  // Only verify-full checks the host name.
  const checksHost = address.ssl !== false && address.ssl.checkServerIdentity === undefined;
  expect(checksHost).toBe(query === '?sslmode=verify-full');
});

test('the mode require verifies a named certificate authority', () => {
  const folder = mkdtempSync(join(tmpdir(), 'gwm-'));
  onEnd(() => rmSync(folder, { recursive: true }));
  const file = join(folder, 'ca.pem');
  writeFileSync(file, 'CERTIFICATE');

  const { ssl, connectionString } = parsePostgresUrl(
    `${BASE}?sslmode=require&sslrootcert=${file}&application_name=x`,
  );

  expect(ssl).toMatchObject({ rejectUnauthorized: true, ca: 'CERTIFICATE' });
  expect(connectionString).toBe(`${BASE}?application_name=x`);
});

test('the errors of a wrong mode and a missing file leave out the password', () => {
  for (const query of ['?sslmode=no', '?sslmode=verify-ca&sslrootcert=/nowhere/ca.pem']) {
    const parse = () => parsePostgresUrl(`${BASE}${query}`);
    expect(parse).toThrow(OperatorError);
    expect(parse).toThrow(/AUDIT_DATABASE_URL: .*(sslmode|sslrootcert)/);
    expect(parse).not.toThrow(/hunter2/);
  }
});

test('a message shows the address without user name and password', () => {
  expect(describePostgresUrl(`${BASE}?sslmode=require`)).toBe('postgres://db.example:5433/audit');
});

import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';

/** One package of the lock file. */
interface Locked {
  version?: string;
  resolved?: string;
  integrity?: string;
  dependencies?: Record<string, string>;
  devDependencies?: Record<string, string>;
  optionalDependencies?: Record<string, string>;
}

type Packages = Record<string, Locked>;

const manifest: Locked = JSON.parse(readRoot('package.json'));
const { packages }: { packages: Packages } = JSON.parse(readRoot('package-lock.json'));
const installed = Object.entries(packages).filter(([path]) => path !== '');

describe('the lock file', () => {
  // An engineer installs from a registry of their choice. The lock file must not name a mirror.
  test('names no registry', () => {
    expect(addressesIn(packages)).toEqual([]);
  });

  test('pins every package by a hash of its content', () => {
    expect(installed.length).toBeGreaterThan(50);
    expect(installed.filter(([, { integrity }]) => !integrity?.startsWith('sha512-'))).toEqual([]);
  });

  test('matches package.json', () => {
    const { dependencies, devDependencies } = packages[''] ?? {};

    expect({ dependencies, devDependencies }).toEqual({
      dependencies: manifest.dependencies,
      devDependencies: manifest.devDependencies,
    });
  });

  // `npm ci` refuses the whole file if the entry of a platform is missing.
  test('has the binaries of every platform', () => {
    expect(missingOptionals(packages)).toEqual([]);
  });
});

describe('the checks of the lock file', () => {
  const resolved = 'https://registry.npmjs.org/x/-/x-1.0.0.tgz';

  test('report an address in any field', () => {
    expect(addressesIn({ 'node_modules/x': { version: '1.0.0' } })).toEqual([]);
    expect(addressesIn({ 'node_modules/x': { version: '1.0.0', resolved } })).toEqual([
      `node_modules/x: ${resolved}`,
    ]);
    expect(addressesIn({ 'node_modules/x': { version: resolved } })).toEqual([`node_modules/x: ${resolved}`]);
  });

  test('report a missing platform', () => {
    const x = { optionalDependencies: { '@x/linux': '1.0.0', '@x/macos': '1.0.0' } };
    const locked = { 'node_modules/x': x, 'node_modules/x/node_modules/@x/linux': {} };

    expect(missingOptionals(locked)).toEqual(['node_modules/x needs @x/macos']);
  });
});

function readRoot(file: string): string {
  return readFileSync(new URL(`../../../${file}`, import.meta.url), 'utf8');
}

/** The addresses from which npm would install packages. */
function addressesIn(locked: Packages): string[] {
  return Object.entries(locked).flatMap(([path, { resolved, version }]) =>
    [resolved, version].filter((value) => value?.includes('://')).map((address) => `${path}: ${address}`),
  );
}

function missingOptionals(locked: Packages): string[] {
  const isLocked = (name: string) =>
    Object.keys(locked).some((path) => path.endsWith(`node_modules/${name}`));
  return Object.entries(locked).flatMap(([path, { optionalDependencies = {} }]) =>
    Object.keys(optionalDependencies)
      .filter((name) => !isLocked(name))
      .map((name) => `${path} needs ${name}`),
  );
}

import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';

/** One package as the lock file has it. */
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

  test('pins every package by its content', () => {
    expect(installed.length).toBeGreaterThan(50);
    expect(installed.filter(([, { integrity }]) => !integrity?.startsWith('sha512-'))).toEqual([]);
  });

  test('is in step with package.json', () => {
    const { dependencies, devDependencies } = packages[''] ?? {};

    expect({ dependencies, devDependencies }).toEqual({
      dependencies: manifest.dependencies,
      devDependencies: manifest.devDependencies,
    });
  });

  // Where one is missing, `npm ci` refuses the whole file: seen when a registry had some of the platforms only.
  test('holds the binaries of every platform, not of this one alone', () => {
    expect(missingOptionals(packages)).toEqual([]);
  });
});

describe('the look at a lock file', () => {
  const resolved = 'https://registry.npmjs.org/x/-/x-1.0.0.tgz';

  test('finds an address, whichever field it is in', () => {
    expect(addressesIn({ 'node_modules/x': { version: '1.0.0' } })).toEqual([]);
    expect(addressesIn({ 'node_modules/x': { version: '1.0.0', resolved } })).toEqual([
      `node_modules/x: ${resolved}`,
    ]);
    expect(addressesIn({ 'node_modules/x': { version: resolved } })).toEqual([`node_modules/x: ${resolved}`]);
  });

  test('finds a platform that is left out', () => {
    const x = { optionalDependencies: { '@x/linux': '1.0.0', '@x/macos': '1.0.0' } };
    const locked = { 'node_modules/x': x, 'node_modules/x/node_modules/@x/linux': {} };

    expect(missingOptionals(locked)).toEqual(['node_modules/x needs @x/macos']);
  });
});

function readRoot(file: string): string {
  return readFileSync(new URL(`../../../${file}`, import.meta.url), 'utf8');
}

/** Where packages are said to come from. */
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

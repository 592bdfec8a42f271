import { OperatorError } from '../core/errors.ts';
import type { Environment } from './environment.ts';
import { redisContradictions } from './redis-settings.ts';
import { type Config, SETTINGS, type Setting } from './settings.ts';

/**
 * Reads every setting from the environment.
 *
 * @throws {OperatorError} naming every wrong variable, its value and the wanted one.
 */
export function loadConfig(environment: Environment): Config {
  const issues: string[] = [];
  const entries = Object.entries(SETTINGS).map(([name, setting]) => [
    name,
    readSetting(setting, environment, issues),
  ]);
  const config = Object.freeze(Object.fromEntries(entries)) as Config;
  issues.push(...contradictions(config));
  if (issues.length > 0) throw new OperatorError(describeIssues(issues), 'settings');
  return config;
}

function readSetting(setting: Setting<unknown>, environment: Environment, issues: string[]): unknown {
  // Container platforms set an empty value for "not set".
  const name = setting.alias && environment[setting.alias] ? setting.alias : setting.env;
  const given = environment[name] || undefined;
  const raw = given ?? setting.default;
  if (raw === undefined) return undefined;
  const parsed = setting.schema.safeParse(raw);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const got = issue?.code === 'custom' ? issue.params?.['got'] : undefined;
  issues.push(`${name}: ${issue?.message ?? 'invalid'}, got ${got ?? shown(raw, setting)}`);
  return undefined;
}

/**
 * A number, a duration or a word with a typing error. Any other text may be a secret, and is not
 * shown.
 */
const HARMLESS = /^[\w .+-]{1,12}$/;

function shown(raw: string, { secret }: Setting<unknown>): string {
  return secret || !HARMLESS.test(raw) ? 'something else (not shown)' : JSON.stringify(raw);
}

// A setting with an error of its own is undefined here, and passes.
function contradictions(config: Config): string[] {
  const issues: string[] = [];
  if (config.lockDurationMs < 2 * config.requestTimeoutMs) {
    issues.push(
      `LOCK_DURATION: wanted at least twice REQUEST_TIMEOUT (${2 * config.requestTimeoutMs}ms), got ${config.lockDurationMs}ms; otherwise a slow answer looks like a dead worker, and another worker sends the message again`,
    );
  }
  if (config.backoffMaxMs < config.backoffBaseMs) {
    issues.push(
      `BACKOFF_MAX: wanted at least BACKOFF_BASE (${config.backoffBaseMs}ms), got ${config.backoffMaxMs}ms`,
    );
  }
  issues.push(...redisContradictions(config));
  return issues;
}

function describeIssues(issues: readonly string[]): string {
  const heading = issues.length === 1 ? 'One setting is wrong:' : `${issues.length} settings are wrong:`;
  return [heading, ...issues.map((issue) => `  ${issue}`)].join('\n');
}

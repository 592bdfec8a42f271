import { SETTINGS, type Setting } from './settings.ts';

const settings: readonly Setting<unknown>[] = Object.values(SETTINGS);
const groups = [...new Set(settings.map((setting) => setting.group))];

/** `.env.example`: every setting with its meaning, unit and default. */
export function renderEnvExample(): string {
  const sections = groups.map((group) => {
    const entries = settings.filter((setting) => setting.group === group).map(renderEntry);
    return `# --- ${group} ---\n\n${entries.join('\n\n')}`;
  });
  return `${HEADING}\n\n${sections.join('\n\n')}\n`;
}

/** The configuration table of the README, as Markdown. */
export function renderSettingsTable(): string {
  const rows = settings.map((setting) => {
    const fallback = setting.default === undefined ? '–' : `\`${setting.default}\``;
    return `| \`${setting.env}\` | ${fallback} | ${setting.description} |`;
  });
  return ['| variable | default | meaning |', '| --- | --- | --- |', ...rows].join('\n');
}

const HEADING = `# Settings of gwm. Copy to .env in the working directory and change what differs; the values shown are the defaults.
# A value with # $ \\ or quotes stands in single quotes: BOARD_PASSWORD='correct#horse'.
# Durations: 500ms, 15s, 5m, 2h, 7d; a number alone means seconds.
# Rendered from src/config/settings.ts by \`npm run render\`.`;

function renderEntry(setting: Setting<unknown>): string {
  const line = setting.default === undefined ? `# ${setting.env}=` : `${setting.env}=${setting.default}`;
  return `# ${setting.description}\n${line}`;
}

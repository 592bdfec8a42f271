import { SETTINGS, type Setting } from './settings.ts';

const settings: readonly Setting<unknown>[] = Object.values(SETTINGS);
const groups = [...new Set(settings.map((setting) => setting.group))];

/** Renders `.env.example`: every setting with its meaning, unit and default. */
export function renderEnvExample(): string {
  const sections = groups.map((group) => {
    const entries = settings.filter((setting) => setting.group === group).map(renderEntry);
    return `# --- ${group} ---\n\n${entries.join('\n\n')}`;
  });
  return `${HEADING}\n\n${sections.join('\n\n')}\n`;
}

/** Renders `docs/settings.md`: a table for each group. */
export function renderSettingsPage(): string {
  const sections = groups.map((group) => {
    const rows = settings.filter((setting) => setting.group === group).map(renderRow);
    return [`## ${group}`, '', '| variable | default | meaning |', '| --- | --- | --- |', ...rows].join('\n');
  });
  return `${PAGE_HEADING}\n\n${sections.join('\n\n')}\n`;
}

function renderRow({ env, default: fallback, description }: Setting<unknown>): string {
  const shown = fallback === undefined ? '–' : `\`${fallback}\``;
  return `| \`${env}\` | ${shown} | ${description} |`;
}

const PAGE_HEADING = `# Settings

A process reads its settings once, at its start. They are environment variables, or lines of a
\`.env\` file in the working directory. If both have a setting, the environment decides.
\`ENV_FILE\` names another file. With an empty \`ENV_FILE\`, the process reads no file.

- A wrong value stops the process. The message names every variable that is wrong.
- Durations are \`500ms\`, \`15s\`, \`5m\`, \`2h\` or \`7d\`. A number alone means seconds.
- Node and Docker Compose read some lines of a \`.env\` file differently, such as a password with
  \`#\` or \`$\`. The process refuses such a line. Write the value in single quotes:
  \`BOARD_PASSWORD='correct#horse'\`.
- After SIGHUP a worker or \`gwm serve\` reads the tenants file and the secrets in \`.env\` again.

Rendered from \`src/config/settings.ts\` by \`npm run render\`. \`.env.example\` has the same list.`;

const HEADING = `# Settings of gwm, with their defaults. Copy this file to .env in the working directory, and change the values that you need.
# Write a value with # $ \\ or quotes in single quotes: BOARD_PASSWORD='correct#horse'.
# Durations: 500ms, 15s, 5m, 2h, 7d; a number alone means seconds.
# Rendered from src/config/settings.ts by \`npm run render\`.`;

function renderEntry(setting: Setting<unknown>): string {
  const line = setting.default === undefined ? `# ${setting.env}=` : `${setting.env}=${setting.default}`;
  return `# ${setting.description}\n${line}`;
}

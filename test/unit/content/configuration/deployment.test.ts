import { describe, expect, test } from 'vitest';
import { contrastWarnings, deploymentBody } from '../../../../src/content/configuration/deployment.ts';
import { deploymentContent, guideDeployment, paleTheme } from '../../../support/guides/deployment.ts';

describe('the body of a deployment', () => {
  test('has all documented fields, and nothing else', () => {
    const ours = { tenantId: 'acme', strict: true, id: 'd-1' };
    expect(deploymentBody({ ...ours, ...deploymentContent })).toEqual(guideDeployment);
  });

  test('has the icon and the inactive status, and no name if the job has none', () => {
    const { name, ...nameless } = deploymentContent;
    const icon = 'https://cdn.example.com/icon.svg';
    const body = deploymentBody({
      ...nameless,
      status: 'inactive',
      launcher: { ...deploymentContent.launcher, icon },
    });
    expect(Object.keys(body)).toEqual(['properties']);
    expect(body.properties).toMatchObject({ active: false, launcher: { icon } });
  });
});

describe('the contrast of a theme', () => {
  const { theme } = deploymentContent.widget;

  test('is sufficient in the sample deployment', () => {
    expect(contrastWarnings(theme)).toEqual([]);
  });

  test('is too low in three pairs of white on #FF5733', () => {
    expect(contrastWarnings(paleTheme)).toEqual([
      {
        path: 'widget.theme.secondaryColor',
        ratio: 3.15,
        message: 'expected a contrast of at least 4.5 to primaryColor, got 3.15',
      },
      expect.objectContaining({ path: 'widget.theme.buttonTextColor', ratio: 3.15 }),
      expect.objectContaining({ path: 'widget.theme.headerTextColor', ratio: 3.15 }),
    ]);
  });

  test('is checked for each of the four pairs', () => {
    expect(contrastWarnings({ ...theme, widgetTextColor: '#f8f9fa' })).toEqual([
      expect.objectContaining({ path: 'widget.theme.widgetTextColor', ratio: 1 }),
    ]);
    expect(contrastWarnings({ ...theme, primaryColor: '#fff' }).map(({ path }) => path)).toEqual([
      'widget.theme.secondaryColor',
      'widget.theme.buttonTextColor',
    ]);
    expect(contrastWarnings({ ...theme, headerBackgroundColor: '#FFF' }).map(({ path }) => path)).toEqual([
      'widget.theme.headerTextColor',
    ]);
  });

  test('is not checked for invalid colors: the contract refuses them', () => {
    for (const odd of [null, 'dark', [], {}, { ...theme, primaryColor: 'red', headerTextColor: 7 }]) {
      expect(contrastWarnings(odd)).toEqual([]);
    }
  });
});

import { describe, expect, test } from 'vitest';
import {
  contrastWarnings,
  type DeploymentContent,
  deploymentBody,
} from '../../../../src/content/configuration/deployment.ts';

/** A deployment with every documented field (docs/guides.md#deployment-fields). */
const deployment = {
  name: 'My Custom Styled Chat',
  status: 'active',
  language: 'en-US',
  launcher: { position: 'bottom-right', horizontalOffset: 20, verticalOffset: 20, show: true },
  widget: {
    title: 'Tech Support Chat',
    welcomeMessage: 'Hi there! An agent will be with you shortly.',
    autoOpen: false,
    theme: {
      primaryColor: '#0056b3',
      secondaryColor: '#ffffff',
      buttonTextColor: '#ffffff',
      widgetBackgroundColor: '#f8f9fa',
      widgetTextColor: '#212529',
      headerBackgroundColor: '#0056b3',
      headerTextColor: '#ffffff',
    },
  },
} as const satisfies DeploymentContent;

describe('the body of a deployment', () => {
  test('has all documented fields, and nothing else', () => {
    const ours = { tenantId: 'acme', strict: true, id: 'd-1' };
    const body = deploymentBody({ ...ours, ...deployment });
    expect(body).toEqual({
      name: 'My Custom Styled Chat',
      properties: {
        launcher: {
          position: 'bottom-right',
          horizontalOffset: 20,
          verticalOffset: 20,
          show: true,
          icon: null,
        },
        widget: deployment.widget,
        active: true,
        language: 'en-US',
      },
    });
  });

  test('has the icon and the inactive status, and no name if the job has none', () => {
    const { name, ...nameless } = deployment;
    const icon = 'https://cdn.example.com/icon.svg';
    const body = deploymentBody({
      ...nameless,
      status: 'inactive',
      launcher: { ...deployment.launcher, icon },
    });
    expect(Object.keys(body)).toEqual(['properties']);
    expect(body.properties).toMatchObject({ active: false, launcher: { icon } });
  });
});

describe('the contrast of a theme', () => {
  const { theme } = deployment.widget;

  test('is sufficient in the sample deployment', () => {
    expect(contrastWarnings(theme)).toEqual([]);
  });

  test('is too low in three pairs of white on #FF5733', () => {
    const first = {
      primaryColor: '#FF5733',
      secondaryColor: '#FFFFFF',
      buttonTextColor: '#FFFFFF',
      widgetBackgroundColor: '#F4F4F4',
      widgetTextColor: '#333333',
      headerBackgroundColor: '#FF5733',
      headerTextColor: '#FFFFFF',
    };
    expect(contrastWarnings(first)).toEqual([
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

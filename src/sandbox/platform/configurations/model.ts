import { z } from 'zod';

/**
 * The writable fields of `WebDeploymentConfigurationVersion`, by the models of the official SDK.
 * The API documents give the values of each enumeration.
 */

const text = z.string().nullish();
const flag = z.boolean().nullish();
const int32 = z.int32().nullish();
const texts = z.array(z.string()).nullish();
const reference = z.strictObject({ id: z.string(), name: text, selfUri: text });
const switchable = z.strictObject({ enabled: flag }).nullish();
const channels = z.array(z.enum(['Webmessaging', 'Voice'])).nullish();

const image = z.strictObject({ source: z.strictObject({ defaultUrl: text }).nullish() }).nullish();

const conversations = z.strictObject({
  enabled: flag,
  showAgentTypingIndicator: flag,
  showUserTypingIndicator: flag,
  autoStart: switchable,
  markdown: switchable,
  conversationDisconnect: z
    .strictObject({ enabled: flag, type: z.enum(['Send', 'ReadOnly']).nullish() })
    .nullish(),
  conversationClear: switchable,
  humanize: z
    .strictObject({ enabled: flag, bot: z.strictObject({ name: text, avatarUrl: text }).nullish() })
    .nullish(),
  notifications: z
    .strictObject({
      enabled: flag,
      notificationContentType: z.enum(['IncludeMessagesContent', 'ExcludeMessagesContent']).nullish(),
    })
    .nullish(),
  sessionDurationSeconds: int32,
});

const messenger = z.strictObject({
  enabled: flag,
  styles: z.strictObject({ primaryColor: text }).nullish(),
  launcherButton: z
    .strictObject({
      visibility: z.enum(['On', 'Off', 'OnDemand']).nullish(),
      displayType: z.enum(['IconAndText', 'Icon', 'Text']).nullish(),
      icon: z.strictObject({ url: text }).nullish(),
    })
    .nullish(),
  fileUpload: z
    .strictObject({
      enableAttachments: flag,
      modes: z
        .array(
          z.strictObject({
            fileTypes: z.array(z.enum(['image/jpeg', 'image/gif', 'image/png'])).nullish(),
            maxFileSizeKB: z.int().min(0).nullish(),
          }),
        )
        .nullish(),
    })
    .nullish(),
  apps: z
    .strictObject({
      conversations: conversations.nullish(),
      knowledge: z.strictObject({ enabled: flag, knowledgeBase: reference.nullish() }).nullish(),
    })
    .nullish(),
  homeScreen: z.strictObject({ enabled: flag, logoUrl: text }).nullish(),
  sessionPersistenceType: z.enum(['AcrossSubdomains', 'DomainOrSubdomainOnly']).nullish(),
});

const customI18nLabels = z.array(
  z.strictObject({
    language: text,
    localizedLabels: z
      .array(
        z.strictObject({
          key: z
            .enum([
              'MessengerHomeHeaderTitle',
              'MessengerHomeHeaderSubTitle',
              'PushNotificationTitle',
              'PushNotificationBody',
              'MessengerLauncherButtonText',
            ])
            .nullish(),
          value: text,
        }),
      )
      .nullish(),
  }),
);

const supportCenter = z.strictObject({
  enabled: z.boolean(),
  knowledgeBase: reference.nullish(),
  customMessages: z
    .array(z.strictObject({ defaultValue: z.string().max(300), type: z.enum(['Welcome', 'Fallback']) }))
    .nullish(),
  routerType: z.enum(['Hash', 'Browser']).nullish(),
  screens: z
    .array(
      z.strictObject({
        type: z.enum(['Home', 'Category', 'SearchResults', 'Article']),
        moduleSettings: z.array(
          z.strictObject({
            type: z.enum([
              'Search',
              'Categories',
              'FAQ',
              'Contact',
              'Results',
              'Article',
              'TopViewedArticles',
            ]),
            enabled: z.boolean(),
            compactCategoryModuleTemplate: z.strictObject({ active: flag }).nullish(),
            detailedCategoryModuleTemplate: z
              .strictObject({ active: flag, sidebar: z.strictObject({ enabled: flag }).nullish() })
              .nullish(),
          }),
        ),
      }),
    )
    .nullish(),
  enabledCategories: z.array(z.strictObject({ id: text, selfUri: text, image })).nullish(),
  labelFilter: z.strictObject({ labels: z.array(reference).nullish() }).nullish(),
  styleSetting: z
    .strictObject({
      heroStyle: z.strictObject({ backgroundColor: text, textColor: text, image }).nullish(),
      globalStyle: z
        .strictObject({
          backgroundColor: text,
          primaryColor: text,
          primaryColorDark: text,
          primaryColorLight: text,
          textColor: text,
          fontFamily: text,
        })
        .nullish(),
    })
    .nullish(),
  feedback: switchable,
});

const cobrowse = z.strictObject({
  enabled: flag,
  allowAgentControl: flag,
  allowAgentNavigation: flag,
  allowDraw: flag,
  maskSelectors: texts,
  channels,
  readonlySelectors: texts,
  pauseCriteria: z
    .array(
      z.strictObject({
        urlFragment: text,
        condition: z.enum(['Includes', 'DoesNotInclude', 'StartsWith', 'EndsWith', 'Equals']).nullish(),
      }),
    )
    .nullish(),
});

const selectorEvents = z.array(z.strictObject({ selector: z.string(), eventName: z.string() })).nullish();

const journeyEvents = z.strictObject({
  enabled: flag,
  excludedQueryParameters: texts,
  shouldKeepUrlFragment: flag,
  searchQueryParameters: texts,
  pageviewConfig: z.enum(['Auto', 'Once', 'Off']).nullish(),
  clickEvents: selectorEvents,
  formsTrackEvents: z
    .array(
      z.strictObject({
        selector: z.string(),
        formName: z.string(),
        captureDataOnFormAbandon: z.boolean(),
        captureDataOnFormSubmit: z.boolean(),
      }),
    )
    .nullish(),
  idleEvents: z.array(z.strictObject({ eventName: z.string(), idleAfterSeconds: int32 })).nullish(),
  inViewportEvents: selectorEvents,
  scrollDepthEvents: z.array(z.strictObject({ percentage: z.int(), eventName: z.string() })).nullish(),
  trackingSettings: z
    .strictObject({
      excludedQueryParameters: texts,
      shouldKeepUrlFragment: flag,
      searchQueryParameters: texts,
      ipFilters: z.array(z.strictObject({ ipAddress: text, name: text })).nullish(),
    })
    .nullish(),
});

const mediaSources = { allowCamera: flag, allowScreenShare: flag, allowMicrophone: flag };

const video = z.strictObject({
  enabled: flag,
  channels,
  agent: z
    .strictObject({
      ...mediaSources,
      background: z.enum(['BLUR', 'NONE', 'IMAGE']).nullish(),
      backgroundImage: z.strictObject({ url: text }).nullish(),
    })
    .nullish(),
  user: z.strictObject(mediaSources).nullish(),
});

/** The fields that the platform sets. A body may have them, and they have no effect. */
const readOnly = {
  id: z.unknown().optional(),
  version: z.unknown().optional(),
  dateCreated: z.unknown().optional(),
  dateModified: z.unknown().optional(),
  datePublished: z.unknown().optional(),
  lastModifiedUser: z.unknown().optional(),
  createdUser: z.unknown().optional(),
  publishedUser: z.unknown().optional(),
  status: z.unknown().optional(),
  selfUri: z.unknown().optional(),
};

const readOnlyNames: readonly string[] = Object.keys(readOnly);

/** A whole configuration, as a create or a PUT has it. */
export const configurationSchema = z.strictObject({
  name: z.string().min(1),
  description: text,
  headlessMode: switchable,
  languages: texts,
  defaultLanguage: text,
  customI18nLabels: customI18nLabels.nullish(),
  messenger: messenger.nullish(),
  position: z
    .strictObject({
      alignment: z.enum(['Auto', 'Left', 'Right']).nullish(),
      sideSpace: int32,
      bottomSpace: int32,
    })
    .nullish(),
  supportCenter: supportCenter.nullish(),
  cobrowse: cobrowse.nullish(),
  journeyEvents: journeyEvents.nullish(),
  authenticationSettings: z
    .strictObject({ enabled: z.boolean(), integrationId: z.string(), allowSessionUpgrade: flag })
    .nullish(),
  video: video.nullish(),
  ...readOnly,
});

/** The fields of a configuration that a client writes. */
export type ConfigurationFields = Omit<z.output<typeof configurationSchema>, keyof typeof readOnly>;

/** Some fields of a configuration. A present one replaces the whole field. */
export const configurationChangesSchema = configurationSchema
  .partial()
  .transform((changes) => withoutReadOnly(changes) as Partial<ConfigurationFields>);

/** A configuration without the fields that only the platform sets, and without those that are null. */
export function writableFields(body: z.output<typeof configurationSchema>): ConfigurationFields {
  return withoutReadOnly(body) as ConfigurationFields;
}

function withoutReadOnly(body: object): object {
  const kept = Object.entries(body).filter(
    ([name, value]) => !readOnlyNames.includes(name) && value !== undefined && value !== null,
  );
  return Object.fromEntries(kept);
}

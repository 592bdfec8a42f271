/**
 * Names of fields of a configuration: those of the guides, and those that the documents of the
 * Platform API have in `WebDeploymentConfigurationVersion` and its parts. A caller or another
 * administrator chose every other name in a path.
 */
export const CONFIGURATION_FIELDS: ReadonlySet<string> = new Set(
  [
    // The guides.
    'widget theme colors primary background typography fontSize fontFamily',
    'accessibility contrastRatio wcagLevel ariaLiveRegion greetings enabled messages delayMs',
    'availability schedule rules features flags audiences dynamicRouting',
    // The Platform API: the version and the look of the messenger.
    'id name version description status languages defaultLanguage headlessMode selfUri',
    'dateCreated dateModified datePublished createdUser lastModifiedUser publishedUser',
    'customI18nLabels language localizedLabels key value',
    'messenger styles primaryColor launcherButton visibility displayType icon url homeScreen logoUrl',
    'fileUpload enableAttachments modes fileTypes maxFileSizeKB sessionPersistenceType',
    'position alignment sideSpace bottomSpace supportedContent',
    // Conversations and knowledge.
    'apps conversations showAgentTypingIndicator showUserTypingIndicator autoStart markdown type',
    'conversationDisconnect conversationClear humanize bot avatarUrl notifications',
    'notificationContentType sessionDurationSeconds knowledge knowledgeBase',
    // The support center.
    'supportCenter customMessages defaultValue routerType screens moduleSettings active sidebar',
    'compactCategoryModuleTemplate detailedCategoryModuleTemplate enabledCategories image source',
    'defaultUrl labelFilter labels styleSetting heroStyle backgroundColor textColor globalStyle',
    'primaryColorDark primaryColorLight feedback',
    // What a page shares, its events, guests who sign in, and video.
    'cobrowse allowAgentControl allowAgentNavigation allowDraw maskSelectors channels',
    'readonlySelectors pauseCriteria urlFragment condition',
    'journeyEvents excludedQueryParameters shouldKeepUrlFragment searchQueryParameters pageviewConfig',
    'clickEvents selector eventName formsTrackEvents formName captureDataOnFormAbandon',
    'captureDataOnFormSubmit idleEvents idleAfterSeconds inViewportEvents scrollDepthEvents percentage',
    'trackingSettings ipFilters ipAddress authenticationSettings integrationId allowSessionUpgrade',
    'video agent user allowCamera allowScreenShare allowMicrophone backgroundImage',
  ].flatMap((names) => names.split(' ')),
);

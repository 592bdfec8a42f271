import { z } from 'zod';

/** A template of a message (`SendMessagingTemplateRequest`). The sandbox does not look into it. */
export const messagingTemplateSchema = z
  .strictObject({
    responseId: z.string().nullish(),
    parameters: z.array(z.looseObject({})).nullish(),
    headerParameters: z.array(z.looseObject({})).nullish(),
    bodyParameters: z.array(z.looseObject({})).nullish(),
    buttonUrlParameters: z.array(z.looseObject({})).nullish(),
    carouselParameters: z.looseObject({}).nullish(),
  })
  .nullish();

import { z } from 'zod';

const number = z.coerce.number().int().nonnegative();

/** Answers of Maarch, as far as they are needed; more is passed over. Numbers come as numbers or as texts, as its database gives them. */
export const createdResource = z.object({ resId: number });
export const createdAttachment = z.object({ id: number });
export const statusSet = z.object({ success: z.string() });
export const statusList = z.object({ statuses: z.array(z.object({ id: z.string() })) });
export const typeList = z.object({ attachmentsTypes: z.record(z.string(), z.object({ typeId: z.string() })) });
export const customFieldList = z.object({ customFields: z.array(z.object({ id: number, type: z.string() })) });
export const entityList = z.object({ entities: z.array(z.object({ serialId: number, id: z.string() })) });
export const externalIds = z.object({ field: z.record(z.string(), z.unknown()).or(z.array(z.unknown())).nullable() });
export const foundList = z.object({ resources: z.array(z.object({ res_id: number, status: z.string().nullable().optional() })) });
export const noteList = z.object({ notes: z.array(z.object({ value: z.string(), firstname: z.string().nullish(), lastname: z.string().nullish(), creation_date: z.string().nullish() })) });

export const resourceFacts = z.looseObject({
  resId: number, status: z.string().nullable(), statusLabel: z.string().nullish(), chrono: z.string().nullish(), subject: z.string().nullish(),
});

export type ResourceFacts = z.infer<typeof resourceFacts>;

const attachmentRow = z.object({ resId: number, title: z.string().nullable(), type: z.string(), status: z.string() });

export type AttachmentRow = z.infer<typeof attachmentRow>;

export const attachmentList = z.object({ attachments: z.array(attachmentRow) });

export const attachmentFacts = z.object({ format: z.string().nullish(), signedResponse: number.nullish() });

import { z } from 'zod';

export const folderSettings = z.strictObject({
  path: z.string().min(1).describe('Folder that receives the items.'),
  create: z.boolean().default(false).describe('Make the folder when it is not there. Off, so that a share that is not mounted is noticed.'),
});

export type FolderSettings = z.infer<typeof folderSettings>;

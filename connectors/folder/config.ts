import { z } from 'zod';

export const folderSettings = z.strictObject({
  path: z.string().min(1).describe('Folder that receives the items. It must exist: a share that is not mounted is then noticed.'),
});

export type FolderSettings = z.infer<typeof folderSettings>;

import path from 'node:path';
import { z } from 'zod';

export const folderSettings = z.strictObject({
  path: z.string().refine((folder) => path.isAbsolute(folder), 'a path from the root such as /srv/relais/out, or ${data}/out').describe('Folder that receives the items.'),
  create: z.boolean().default(false).describe('Make the folder when it is not there. Off, so that a share that is not mounted is noticed.'),
});

export type FolderSettings = z.infer<typeof folderSettings>;

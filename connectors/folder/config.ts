import path from 'node:path';
import { z } from 'zod';

export const folderSettings = z.strictObject({
  path: z.string().refine((folder) => path.isAbsolute(folder), 'a path from the root such as /srv/relais/out, or ${data}/out').describe('Folder that receives the items.'),
  create: z.boolean().default(false).describe('Make the folder when it is not there. Off, so that a share that is not mounted is noticed.'),
  layout: z.enum(['item', 'files']).default('item').describe('item: a folder for each item, with all about it. files: its files alone, under their own names.'),
  roles: z.array(z.string().min(1)).default([]).describe('With layout files: only files that a step brought back for this, such as acknowledgement. Empty: all.'),
  language: z.enum(['fr', 'en']).default('fr').describe('With layout files: of the text that says why something was rejected.'),
});

export type FolderSettings = z.infer<typeof folderSettings>;

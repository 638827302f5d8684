import { z } from 'zod';
import { httpAddress, httpSettings } from '../../src/connector-api/http-settings.js';
import { secret } from '../../src/connector-api/secret.js';

const typeId = z.string().regex(/^[^\s'"]{1,200}$/, 'the identifier of a type, such as cmis:document or D:act:deliberation');
const propertyId = z.string().regex(/^[^\s'"]{1,200}$/, 'the identifier of a property, such as act:key');

export const cmisSettings = z.strictObject({
  url: httpAddress('the address of the browser binding, such as https://ged.ville.example/alfresco/api/-default-/public/cmis/versions/1.1/browser').transform((text) => text.replace(/\/+$/, ''))
    .describe('Address at which the browser binding lists its repositories.'),
  repository: z.string().min(1).optional().describe('Identifier of the repository, where there are several.'),
  user: z.string().regex(/^[^:\p{Cc}]+$/u, 'a name without colon').optional().describe('Account, by Basic authentication.'),
  password: secret().optional(),
  folder: z.string().regex(/^\//, 'a path that begins with /').default('/').describe('Path of the folder under which everything is filed; it must exist.'),
  type: typeId.default('cmis:document').describe('Type of main documents.'),
  annexType: typeId.default('cmis:document').describe('Type of the other documents.'),
  folderType: typeId.default('cmis:folder').describe('Type of folders that are made.'),
  aspects: z.array(typeId).default([]).describe('Secondary types (aspects) of main documents.'),
  key: z.strictObject({ property: propertyId, aspect: typeId.optional() }).optional()
    .describe('Property (a text, of the types above or of the aspect) in which Relais writes how it recognises its documents. Without it, that stands at the end of their names.'),
  onConflict: z.enum(['fail', 'number', 'version']).default('fail')
    .describe('A document of somebody else has the name. fail: park. number: take the next free name. version: make a new version of it. Needs key; without it names do not meet.'),
  namedBy: z.string().regex(/^(?:objectId|path|property:[^\s'"]{1,200})$/, 'objectId, path, or property:<id>').default('objectId')
    .describe('What names a document that exists already, in the field `document` or in the external identifier of the item.'),
  ...httpSettings,
}).refine(({ user, password }) => (user === undefined) === (password === undefined), { error: 'user and password, or none of both', path: ['password'] })
  .refine(({ key, onConflict }) => key !== undefined || onConflict === 'fail', { error: 'the setting key, too', path: ['onConflict'] });

export type CmisSettings = z.infer<typeof cmisSettings>;

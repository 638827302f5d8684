import { z } from 'zod';
import { httpAddress, httpSettings } from '../../src/connector-api/http-settings.js';
import { secret } from '../../src/connector-api/secret.js';

const portalType = z.string().regex(/^[A-Za-z][\w.-]{0,99}$/, 'the name of a content type, such as dmsincomingmail');

export const ploneDmsSettings = z.strictObject({
  url: httpAddress('the address of the site, such as https://ville-docs.example').describe('Address of the Plone site, without a final slash.').transform((url) => url.replace(/\/+$/, '')),
  login: z.string().regex(/^[^:\p{Cc}]+$/u, 'a name without colon').describe('Account of Relais over there.'),
  password: secret().describe('Its password.'),
  mailFolder: z.string().regex(/^[\w.-]+(?:\/[\w.-]+)*$/, 'a path below the site, such as incoming-mail').default('incoming-mail').describe('Folder that receives mails, as a path below the site.'),
  mailType: portalType.default('dmsincomingmail').describe('Content type of a mail.'),
  mainFileType: portalType.default('dmsmainfile').describe('Content type of its main file.'),
  fileType: portalType.default('dmsappendixfile').describe('Content type of every other file, and of those that are brought back.'),
  ...httpSettings,
});

export type PloneDmsSettings = z.infer<typeof ploneDmsSettings>;

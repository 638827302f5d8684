// What a connector outside of this repository compiles against: `relais/connector-api`.
export { annexContent, proveAnnex } from './annex-content.js';
export { answerBytes } from './answer-bytes.js';
export * from './connector.js';
export type * from './deliberation.js';
export * from './failures.js';
export type { HttpAnswer, HttpCall, HttpRequest } from './http.js';
export * from './http-failure.js';
export * from './http-settings.js';
export { jsonWithFiles, type Base64OfAnnex, type JsonWithFiles } from './json-with-files.js';
export * from './multipart.js';
export { fileNamed, filesNamed, nameFiles, requireOnce } from './named-files.js';
export { isSecret, secret } from './secret.js';
export type { Annex, ExtraValue, Item } from '../domain/item.js';
export type { AnyField, FieldValue, StepResult, TargetField } from '../domain/mapping.js';

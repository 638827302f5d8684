import { describeValue } from './explain-issue.js';
import { isSecretReference } from './resolve-references.js';
import { isSecretName } from './secret-name.js';
import type { Path } from './yaml-file.js';

const URL_PASSWORD = /(\/\/[^/\s:@"]*:)[^/\s@"{}]+(?=@)/g;
const URL_PARAMETER = /([?&]([^=&\s"]+)=)(?!\$\{)[^&\s"]+/g;

/** A value of the configuration as it is written, short and without secrets. References are shown: they are no secrets. */
export function shownValue(path: Path, value: unknown): string {
  const isText = typeof value === 'string' || typeof value === 'number';
  if (isText && !(typeof value === 'string' && isSecretReference(value)) && path.some((part) => isSecretName(String(part)))) return 'a value that is not shown';
  if (Array.isArray(value) && value.length > 0 && value.every((one) => typeof one === 'string')) return `[${value.map((one) => shownValue(path, one)).join(', ')}]`;
  // Before it is cut short: half an address is not known for one.
  return describeValue(typeof value === 'string' ? withoutSecrets(value) : value);
}

function withoutSecrets(text: string): string {
  return text.replace(URL_PASSWORD, '$1…').replace(URL_PARAMETER, (written, start: string, name: string) => (isSecretName(name) ? `${start}…` : written));
}

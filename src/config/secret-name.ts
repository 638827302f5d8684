/** Names of settings whose value is never shown. */
const SECRET_NAME = /pass(?:word|phrase)|secret|token|credential|private|api-?key|authorization|cookie/i;

/** True for the name of a setting that holds a secret. */
export function isSecretName(name: string): boolean {
  return SECRET_NAME.test(name);
}

import os from 'node:os';

/** Who gives a command, as the journal names him: the account of the system that he is logged in with. */
export function operatorName(): string {
  return `operator:${loginName()}`;
}

/** The account of a container may have a number only. */
function loginName(): string {
  try {
    return os.userInfo().username;
  } catch {
    return `uid-${process.getuid?.() ?? 'unknown'}`;
  }
}

import type { ReplyStruct } from '../soap/service.js';

/** BasicInfo and GroupInfo of contracts/ws4pm.md §2.2. An empty description stays an empty element. */
export function basicInfo({ uid, id, title, description }: Readonly<Record<'uid' | 'id' | 'title' | 'description', string>>): ReplyStruct {
  return { UID: uid, id, title, description };
}

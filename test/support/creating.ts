import { createHash } from 'node:crypto';
import { memoryIntake, type MemoryIntake } from './memory-intake.js';
import { call, readingContext } from './reading.js';
import { DEVELOPERS, NOW, PLAIN, sampleAuthority } from './sample-authority.js';
import type { StagedBlob } from '../../src/blobs/blob-store.js';
import { rememberRecentItems } from '../../src/deliberation/create-item/recent-items.js';
import type { AwaitForwarding } from '../../src/deliberation/create-item/await-forwarding.js';
import type { Authority } from '../../src/domain/authority.js';
import type { HistoryEvent, NewItem } from '../../src/domain/item.js';
import type { ReplyStruct, RequestStruct } from '../../src/soap/service.js';
import { createItemOperation } from '../../src/ws4pm/create-item.js';

/** createItem with fakes of the ports, as the edge calls it. */
export interface Creating {
  readonly intake: MemoryIntake;
  /** SHA-256 of the files that were kept, and `accept` where an item was accepted, in order. */
  readonly calls: string[];
  time: number;
  send(userId: string, request?: RequestStruct): Promise<ReplyStruct>;
  /** Sends an item by creator1 in developers of the plain config, with more creationData. */
  create(creationData?: RequestStruct, request?: RequestStruct): Promise<ReplyStruct>;
  /** The item accepted last. */
  item(): NewItem;
  history(): readonly HistoryEvent[];
}

export function creating(authority: Authority = sampleAuthority(), awaitForwarding?: AwaitForwarding): Creating {
  const intake = memoryIntake();
  const calls: string[] = [];
  let ids = 0;
  const reading = readingContext({ authority });
  const operation = createItemOperation({
    ...reading, awaitForwarding,
    intake: { ...intake, accept: (submission) => { calls.push('accept'); return intake.accept(submission); } },
    blobs: { ...reading.blobs, keep: (blobs) => { calls.push(...blobs.map((blob) => blob.sha256)); return Promise.resolve(); } },
    clock: { now: () => self.time },
    newId: () => { ids += 1; return String(ids).padStart(32, '0'); },
  }, rememberRecentItems({ now: () => self.time }));
  const last = () => {
    const submission = intake.submissions.at(-1);
    if (submission === undefined) throw new Error('no item was accepted');
    return submission;
  };
  const self: Creating = {
    intake, calls, time: NOW,
    send: (userId, request = {}) => call(operation, userId, { meetingConfigId: PLAIN, proposingGroupId: DEVELOPERS, cleanHtml: true, ...request }),
    create: (creationData = {}, request = {}) => self.send('creator1', { creationData: { title: 'Un point', ...creationData }, ...request }),
    item: () => last().item,
    history: () => last().history,
  };
  return self;
}

/** A received file. */
export function staged(content: string | Buffer): StagedBlob {
  const bytes = Buffer.from(content);
  return { sha256: createHash('sha256').update(bytes).digest('hex'), size: bytes.length, head: bytes.subarray(0, 4096) };
}

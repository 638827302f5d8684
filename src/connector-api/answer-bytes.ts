import { OutcomeUnknown } from './failures.js';
import type { HttpAnswer } from './http.js';

/** An answer as a whole. Throws OutcomeUnknown for one that was cut or is longer than `limit` bytes. `who` names the other side. */
export async function answerBytes({ body }: Pick<HttpAnswer, 'body'>, limit: number, who: string): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of body as AsyncIterable<Buffer>) {
      size += chunk.length;
      if (size > limit) break;
      chunks.push(chunk);
    }
  } catch (error) {
    throw new OutcomeUnknown(`The answer of ${who} was cut.`, { cause: error });
  }
  if (size > limit) throw new OutcomeUnknown(`The answer of ${who} is longer than ${limit} bytes.`);
  return Buffer.concat(chunks);
}

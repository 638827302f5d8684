import { Readable } from 'node:stream';
import type { HttpAnswer, HttpCall, HttpRequest } from '../../src/connector-api/http.js';
import { readText } from '../../src/outbound/answer-text.js';

export interface ScriptedAnswer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
}

/** An answer as outbound HTTP gives it. */
export function httpAnswer({ status, headers = {}, body = '' }: ScriptedAnswer): HttpAnswer {
  const stream = Readable.from(body.length === 0 ? [] : [Buffer.from(body)], { objectMode: false });
  return { status, headers, body: stream, text: (limit) => readText(stream, limit, 'https://partner.example') };
}

export interface ScriptedHttp {
  readonly call: HttpCall;
  /** What was asked, in its order; the body is read to its end. */
  readonly asked: (HttpRequest & { readonly sent: string })[];
}

/** Outbound HTTP without a network: `answer` says what comes back, or throws the failure. */
export function scriptedHttp(answer: (request: HttpRequest) => ScriptedAnswer): ScriptedHttp {
  const asked: ScriptedHttp['asked'] = [];
  return {
    asked,
    async call(request) {
      const chunks: Buffer[] = [];
      for await (const chunk of request.body instanceof Readable ? request.body : [request.body ?? '']) chunks.push(Buffer.from(chunk as Buffer));
      asked.push({ ...request, sent: Buffer.concat(chunks).toString('utf8') });
      return httpAnswer(answer(request));
    },
  };
}

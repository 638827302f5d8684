import type { ToldFinding } from '../words.js';

/** Problem types of resumable uploads (draft-ietf-httpbis-resumable-upload §6). */
const UPLOAD_TYPES = 'https://iana.org/assignments/http-problem-types#';

/** What is wrong, by the last part of its type. */
export type ProblemName =
  | 'credentials' | 'forbidden' | 'no-deposit' | 'no-upload' | 'no-item' | 'method' | 'request' | 'media-type' | 'too-large' | 'cut' | 'uploads-full' | 'no-room' | 'not-now' | 'failed'
  | 'empty' | 'pes' | 'several-flows' | 'name-taken' | 'request-taken' | 'damaged' | 'manifest' | 'incomplete' | 'unreadable'
  | 'mismatching-upload-offset' | 'completed-upload' | 'inconsistent-upload-length';

export interface ProblemParts {
  readonly headers?: Readonly<Record<string, string>>;
  readonly uid?: string | undefined;
  readonly findings?: readonly ToldFinding[] | undefined;
  /** More members, as a problem type declares them. */
  readonly members?: Readonly<Record<string, string | number>>;
}

/** A request that is answered with a problem (RFC 9457). `message` is for the caller: it holds no secret and no path of ours. */
export class Problem extends Error {
  readonly status: number;
  readonly problem: ProblemName;
  readonly parts: ProblemParts;

  constructor(status: number, problem: ProblemName, message: string, parts: ProblemParts = {}) {
    super(message);
    this.name = 'Problem';
    this.status = status;
    this.problem = problem;
    this.parts = parts;
  }
}

/** The document that tells of it. */
export function problemDocument({ status, problem, message, parts: { uid, findings, members } }: Problem): Readonly<Record<string, unknown>> {
  const isUpload = problem.includes('upload-') || problem === 'completed-upload';
  return {
    type: isUpload ? UPLOAD_TYPES + problem : `urn:relais:deposit:${problem}`,
    title: problem.replaceAll('-', ' '), status, detail: message, ...members,
    ...(uid === undefined ? {} : { uid }),
    ...(findings === undefined || findings.length === 0 ? {} : { findings }),
  };
}

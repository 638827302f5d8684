import type { DepositOutcome, Refusal, RefusalCode } from '../outcome.js';
import { sentenceOf, toldFinding, type Language } from '../words.js';
import type { Answer } from './answer.js';
import { Problem, problemDocument } from './problem.js';

/** What stays wrong however often it is sent is 422; what collides with something that is there, 409. */
const STATUS: Readonly<Record<RefusalCode, number>> = {
  empty: 422, 'too-large': 413, pes: 422, 'several-flows': 422, 'name-taken': 409, 'request-taken': 422, damaged: 422, manifest: 422, incomplete: 422, unreadable: 422,
};

export function problemOfRefusal(refusal: Refusal, language: Language): Problem {
  const { code, uid, findings } = refusal;
  return new Problem(STATUS[code], code, sentenceOf(refusal, language), { uid, findings: findings.map((finding) => toldFinding(finding, language)) });
}

/** What one file is answered. `itemAddress` is where to ask for the item. Throws the Problem of a refusal. */
export function answerOf(outcome: DepositOutcome, itemAddress: (uid: string) => string, language: Language): Answer {
  if (outcome.state === 'refused') throw problemOfRefusal(outcome.refusal, language);
  const { state, uid, findings } = outcome;
  return { status: state === 'received' ? 201 : 200, headers: { Location: itemAddress(uid) }, body: { uid, state, findings: findings.map((finding) => toldFinding(finding, language)) } };
}

/** What several files are answered that are an item each: as one where all went the same way, else 207 with what became of each. */
export function answerOfMany(outcomes: readonly { readonly filename: string; readonly outcome: DepositOutcome }[], itemAddress: (uid: string) => string, language: Language): Answer {
  const items = outcomes.map(({ filename, outcome }) => {
    if (outcome.state !== 'refused') return { filename, status: outcome.state === 'received' ? 201 : 200, uid: outcome.uid, state: outcome.state, location: itemAddress(outcome.uid), findings: outcome.findings.map((finding) => toldFinding(finding, language)) };
    const problem = problemOfRefusal(outcome.refusal, language);
    return { filename, status: problem.status, state: outcome.state, findings: problem.parts.findings ?? [], problem: problemDocument(problem) };
  });
  const statuses = new Set(items.map(({ status }) => status));
  const [only = 207] = statuses;
  return { status: statuses.size === 1 && only < 300 ? only : 207, body: { items } };
}

import { randomBytes } from 'node:crypto';

const RANDOM_BYTES = 10;
/** Randomness is drawn for so many ids in advance: a system call for each would cost more than the rest of it. */
const IDS_A_DRAW = 400;

/** Returns the function that makes ids: 32 hexadecimal digits that begin with the time, so that neighbours in time are
 * neighbours in an index, and end with 80 random bits, so that none is given twice. */
export function createNewId(): () => string {
  let drawn = Buffer.alloc(0);
  return () => {
    if (drawn.length < RANDOM_BYTES) drawn = randomBytes(RANDOM_BYTES * IDS_A_DRAW);
    const random = drawn.toString('hex', 0, RANDOM_BYTES);
    drawn = drawn.subarray(RANDOM_BYTES);
    return Date.now().toString(16).padStart(12, '0') + random;
  };
}

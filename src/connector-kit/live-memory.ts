import v8 from 'node:v8';
import vm from 'node:vm';

const LOOK_EVERY_MS = 5;

export interface MemoryWatch {
  /** Looks now, beside the regular looks. */
  look(): void;
  /** Ends the watch. Bytes by which the live memory grew at most, as far as more than `room` of it was seen. */
  end(): number;
}

/** Watches how much memory is held: what the collector has not come to yet does not count, nor what the process keeps of earlier
 * work. Only where more than `room` bytes seem to be held is the collector made to run, so that the watched work goes on as usual. */
export function watchMemory(room: number): MemoryWatch {
  const collect = collector();
  collect();
  const before = held();
  let highest = 0;
  const look = (): void => {
    // more than was allowed is enough to know
    if (highest > room || held() - before <= room) return;
    collect();
    highest = Math.max(highest, held() - before);
  };
  const timer = setInterval(look, LOOK_EVERY_MS);
  return {
    look,
    end() {
      clearInterval(timer);
      look();
      return highest;
    },
  };
}

function held(): number {
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

/** Node hands the collector out only where it is started so; a new context made after the flag was set has it. */
function collector(): () => void {
  v8.setFlagsFromString('--expose-gc');
  return vm.runInNewContext('gc') as () => void;
}

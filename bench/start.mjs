// Time from start to ready, and resident memory when idle.
import { median, startGateway } from './gateway.mjs';

const times = [], idle = [];
for (let i = 0; i < 5; i++) {
  const gateway = await startGateway();
  times.push(gateway.readyMs);
  await new Promise((resolve) => setTimeout(resolve, 1000));
  idle.push(gateway.memoryMiB('VmRSS'));
  await gateway.stop();
}
console.log(`start to ready ${median(times).toFixed(0)} ms   idle ${median(idle)} MiB   (median of ${times.length})`);

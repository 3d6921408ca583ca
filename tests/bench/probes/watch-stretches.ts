// Opens a workspace folder as a host does, asks each of some requests twice, and prints a line of JSON: the longest stretch
// of each time that this thread was at work without giving others a turn, in milliseconds of its processor time.
// Arguments: the folder, a list of [name, input] as JSON. Run in a process of its own for each first request.
import { setTimeout as wait } from 'node:timers/promises';
import type { RequestName } from '../../../src/shared/contract/contract.ts';
import { openTestEngine } from '../../support/workspace/test-engine.ts';

const [folder = '', askedJson = '[]'] = process.argv.slice(2);
const asked = JSON.parse(askedJson) as [name: RequestName, input: unknown][];

const readMs = () => {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1000;
};
let lastMs = readMs();
let longestMs = 0;
const look = () => {
  const nowMs = readMs();
  longestMs = Math.max(longestMs, nowMs - lastMs);
  lastMs = nowMs;
};

const engine = await openTestEngine(folder, { startsSync: false });
const watch = setInterval(look, 1);
const stretches: [name: RequestName, firstMs: number, againMs: number][] = [];
for (const [name, input] of asked) {
  const measure = async () => {
    await wait(50);
    longestMs = 0;
    // What the carrier makes of the answer is its own.
    await engine.dispatch(name, input, 'local');
    await wait(5);
    return longestMs;
  };
  stretches.push([name, await measure(), await measure()]);
}
clearInterval(watch);
console.log(JSON.stringify(stretches));
await engine.close();

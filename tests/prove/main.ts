// npm run prove -- NAME [options]: long proofs, each with a small version among the tests
import { parseArgs } from 'node:util';
import { parseSize, runLargeFile } from './files/run-large-file.ts';
import { proveOneDevice, proveTwoDevices } from './timer/prove-hours.ts';
import { proveTimer } from './timer/prove-timer.ts';

const usage = `Usage: npm run prove -- timer [--kills N] [--seed S] [--speed X]
       npm run prove -- hours [--runs N] [--seed S]
       npm run prove -- files [--size 5GiB] [--seed N]`;

/** A proof says what it found, and whether everything held. */
type Proof = (args: string[]) => Promise<boolean>;

const timer: Proof = async (args) => {
  const { values } = parseArgs({
    args,
    options: {
      kills: { type: 'string', default: '200' },
      seed: { type: 'string', default: String(Date.now() % 1_000_000) },
      speed: { type: 'string', default: '15' },
    },
  });
  const [kills, seed, speed] = [values.kills, values.seed, values.speed].map(Number);
  if (![kills, seed, speed].every((value) => Number.isFinite(value)))
    throw new TypeError('--kills, --seed and --speed: expected numbers');
  console.log(`Seed ${seed}; time runs ${speed} times as fast.`);
  const outcome = await proveTimer({
    kills: kills ?? 0,
    seed: seed ?? 0,
    speed: speed ?? 1,
    say: console.log,
  });
  for (const violation of outcome.violations) console.error(`VIOLATION  ${violation}`);
  console.log(
    `${kills} kills, ${outcome.killsWithTimer} with a timer running, each asked about; at most ${(outcome.longestInQuestionMs / 1000).toFixed(1)} s in question (the heartbeat is 30 s; a process was held up for ${(outcome.longestLateMs / 1000).toFixed(1)} s at most).`,
  );
  if (outcome.folder !== undefined) console.log(`Everything is kept in ${outcome.folder}.`);
  return outcome.violations.length === 0;
};

const hours: Proof = async (args) => {
  const { values } = parseArgs({
    args,
    options: {
      runs: { type: 'string', default: '500' },
      seed: { type: 'string', default: String(Date.now() % 1_000_000) },
    },
  });
  const [runs = 0, seed = 0] = [values.runs, values.seed].map(Number);
  console.log(`Seed ${seed}; ${runs} runs on one computer, ${Math.ceil(runs / 3)} on two.`);
  try {
    await proveOneDevice(runs, seed);
    await proveTwoDevices(Math.ceil(runs / 3), seed);
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    return false;
  }
  console.log('After every step the sums were those of the model.');
  return true;
};

const files: Proof = async (args) => {
  const { values } = parseArgs({
    args,
    options: { size: { type: 'string', default: '5GiB' }, seed: { type: 'string', default: '1' } },
  });
  return runLargeFile(parseSize(values.size), Number(values.seed));
};

const proofs: Readonly<Record<string, Proof>> = { timer, hours, files };

const [name = '', ...args] = process.argv.slice(2);
const proof = proofs[name];
if (proof === undefined) {
  console.error(usage);
  process.exitCode = 2;
} else if (!(await proof(args))) process.exitCode = 1;

// A process with the real engine and a person who works in it, until a line on standard input says "finish". Then
// everything is synchronised, and the process ends. It may be killed at any moment, and started again.
import { createInterface } from 'node:readline';
import { openDemoWorkspace } from '../../src/cli/demo/demo-workspace.ts';
import { askEngine } from '../../src/main/sample/ask-engine.ts';
import { SeededRandom } from '../bench/data/seeded-random.ts';
import { IntentJournal } from './intent-journal.ts';
import { Person, type Role } from './person.ts';

export interface DriverOptions {
  readonly folder: string;
  readonly journalPath: string;
  readonly inputsFolder: string;
  readonly role: Role;
  readonly name: string;
  readonly seed: number;
  readonly longestThoughtMs: number;
}

/** What a driver says, one line of JSON each. */
export type DriverLine = { readonly ready: true } | { readonly settled: unknown };

const settleTimeoutMs = 20_000;

const options = JSON.parse(process.argv[2] ?? '{}') as DriverOptions;
const say = (line: DriverLine): void => void process.stdout.write(`${JSON.stringify(line)}\n`);

let isFinishing = false;
let finish: (() => void) | undefined;
createInterface({ input: process.stdin }).on('line', (line) => {
  if (line === 'finish') {
    isFinishing = true;
    finish?.();
  }
  if (line === 'end') ending.resolve();
});
const ending = Promise.withResolvers<void>();

const workspace = await openDemoWorkspace(options.folder, 'Europe/Lisbon', '0.0.0-soak');
const random = new SeededRandom(options.seed);
const { seats } = await askEngine(workspace.engine, 'app.state', {});
const seatId = seats[0]?.seatId;
if (seatId === undefined) throw new Error('the workspace has no seat');
const person = new Person({
  engine: workspace.engine,
  journal: new IntentJournal(options.journalPath),
  random,
  name: options.name,
  role: options.role,
  inputsFolder: options.inputsFolder,
  seatId,
});
say({ ready: true });
while (!isFinishing) {
  await person.act();
  await new Promise<void>((resolve) => {
    finish = resolve;
    setTimeout(resolve, random.integer(1, options.longestThoughtMs));
  });
}
// The others finish as well: what they send last has to come, too. So it is asked again until the end.
while (!(await Promise.race([ending.promise.then(() => true), settleOnce()])));
await workspace.close();
process.exit();

async function settleOnce(): Promise<false> {
  say({ settled: await workspace.engine.settle(settleTimeoutMs) });
  await Promise.race([ending.promise, new Promise((resolve) => setTimeout(resolve, 500))]);
  return false;
}

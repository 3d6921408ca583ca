// A process with the real engine and a person who uses its timer: answers what was left open, or leaves it open; stops
// and starts; and waits to be killed.
import { openSync, writeSync } from 'node:fs';
import { openEngine } from '../../../src/main/workspace/engine/open-engine.ts';
import type {
  RequestInput,
  RequestName,
  RequestOutput,
} from '../../../src/shared/contract/contract.ts';
import { SeededRandom } from '../../bench/data/seeded-random.ts';
import { createScaledPorts } from './scaled-ports.ts';
import type { Interval, TimerChildOptions, TimerWord } from './timer-words.ts';

const options = JSON.parse(process.argv[2] ?? '{}') as TimerChildOptions;
const { seatId, taskId } = options;
const ports = createScaledPorts(options.time);
const random = new SeededRandom(options.seed);
const journal = openSync(options.journalPath, 'a');
const say = (word: TimerWord): void => void writeSync(journal, `${JSON.stringify(word)}\n`);

const engine = await openEngine({
  folder: options.folder,
  version: '0.0.0-prove',
  startsSync: false,
  keepsCopies: false,
  ports,
  host: {
    kind: 'command_line',
    openExternal: async () => {},
    startSample: async () => {
      throw new Error('there is no sample here');
    },
    getUpdateState: () => ({ state: 'off', version: null, message: null }),
    installUpdate: async () => {},
  },
});
const ask = async <Name extends RequestName>(
  name: Name,
  input: RequestInput<Name>,
): Promise<RequestOutput<Name>> =>
  (await engine.dispatch(name, input, 'local')) as RequestOutput<Name>;

const toInterval = (stretch: { startedAt: string; endedAt: string }): Interval => ({
  startMs: Date.parse(stretch.startedAt),
  endMs: Date.parse(stretch.endedAt),
});
const toStretch = ({ startMs, endMs }: Interval) => ({
  startedAt: new Date(startMs).toISOString(),
  endedAt: new Date(endMs).toISOString(),
});

// Read first: what has run by the answers is at least what has run by now.
const atMs = ports.clock.nowMs();
const timer = await ask('timer.get', {});
const questions = await ask('timer.questions', {});
const { timeEntries } = await ask('task.get', { seatId, taskId });
say({
  word: 'state',
  atMs,
  timer,
  entries: timeEntries.map(toInterval),
  questions: questions.map(toInterval),
});

/** The middle third of a stretch, and what lies around it. */
function cut({ startMs, endMs }: Interval): { worked: Interval; rest: Interval[] } {
  const third = Math.floor((endMs - startMs) / 3);
  const worked = { startMs: startMs + third, endMs: startMs + 2 * third };
  return {
    worked,
    rest: [
      { startMs, endMs: worked.startMs },
      { startMs: worked.endMs, endMs },
    ],
  };
}

async function answerGap(gap: Interval): Promise<void> {
  const { worked, rest } = cut(gap);
  const decision = random.pick(['keep_all', 'keep_until_last_seen', 'split', 'later'] as const);
  if (decision === 'later' || worked.endMs <= worked.startMs) return;
  if (decision !== 'keep_all')
    say({ word: 'not_counted', intervals: decision === 'split' ? rest : [gap] });
  await ask(
    'timer.resolveGap',
    decision === 'split' ? { decision, stretches: [toStretch(worked)] } : { decision },
  );
}

const gap = timer?.gap ?? null;
if (gap !== null)
  await answerGap(toInterval({ startedAt: gap.lastSeenAt, endedAt: gap.resumedAt }));
if (timer !== null && random.chance(0.3)) {
  say({ word: 'stopping', atMs: ports.clock.nowMs() });
  await ask('timer.stop', {});
}
for (const question of await ask('timer.questions', {})) {
  if (random.chance(0.4)) continue;
  const whole = toInterval(question);
  const { worked, rest } = cut(whole);
  const counted = random.pick(['all', 'none', [toStretch(worked)]] as const);
  if (counted !== 'all')
    say({ word: 'not_counted', intervals: counted === 'none' ? [whole] : rest });
  if (worked.endMs > worked.startMs)
    await ask('timer.answer', {
      seatId,
      questionId: question.questionId,
      counted: typeof counted === 'string' ? counted : [...counted],
    });
}
if ((await ask('timer.get', {})) === null) {
  await ask('timer.start', { seatId, taskId });
  say({ word: 'started', atMs: ports.clock.nowMs() });
}
process.stdout.write('{"ready":true}\n');
setInterval(() => say({ word: 'alive', atMs: ports.clock.nowMs() }), 10);

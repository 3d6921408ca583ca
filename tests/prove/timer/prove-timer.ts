import { appendFileSync, readFileSync } from 'node:fs';
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { SeededRandom } from '../../bench/data/seeded-random.ts';
import { Child } from '../../soak/child.ts';
import {
  addOrganization,
  assignTestTask,
  openTestWorkspace,
} from '../../support/workspace/test-workspace.ts';
import { computeShownMs, type ScaledTime } from './scaled-ports.ts';
import { judgeKill } from './timer-oracle.ts';
import type { TimerChildOptions, TimerWord } from './timer-words.ts';

export interface TimerProofOptions {
  readonly kills: number;
  readonly seed: number;
  /** So many times as fast does time run for the killed processes. */
  readonly speed: number;
  readonly say: (line: string) => void;
}

export interface TimerProofOutcome {
  readonly violations: readonly string[];
  readonly killsWithTimer: number;
  readonly longestInQuestionMs: number;
  readonly longestLateMs: number;
  /** Kept where something went wrong. */
  readonly folder: string | undefined;
}

const childProgram = path.join(import.meta.dirname, 'timer-child.ts');

/** A workspace folder with one intern and one task, as the server would have sent them. */
async function prepareWorkspace(folder: string): Promise<{ seatId: string; taskId: string }> {
  const test = await openTestWorkspace();
  const organization = await addOrganization(test);
  const taskId = await assignTestTask(test, organization);
  const { seatId } = organization.intern.record;
  await test.workspace.seats.closeAll();
  await test.workspace.opened.close();
  await cp(test.workspace.folder, folder, { recursive: true });
  await rm(test.workspace.folder, { recursive: true, force: true });
  return { seatId, taskId };
}

const readWords = (journalPath: string): TimerWord[] =>
  readFileSync(journalPath, 'utf8')
    .split('\n')
    // The last line may have been cut off by the kill.
    .filter((line) => line.endsWith('}'))
    .map((line) => JSON.parse(line) as TimerWord);

/** Processes with a running timer, one after the other, each killed with SIGKILL at a random moment. */
export async function proveTimer(options: TimerProofOptions): Promise<TimerProofOutcome> {
  const { kills, seed, speed, say } = options;
  const root = await mkdtemp(path.join(tmpdir(), 'stint-prove-timer-'));
  const folder = path.join(root, 'workspace');
  const journalPath = path.join(root, 'journal.jsonl');
  const place = await prepareWorkspace(folder);
  const random = new SeededRandom(seed);
  const time: ScaledTime = {
    speed,
    realOriginMs: Date.now(),
    shownOriginMs: Date.parse('2026-03-02T09:00:00.000Z'),
  };
  const violations: string[] = [];
  let [killsWithTimer, longestInQuestionMs, longestLateMs] = [0, 0, 0];
  let killedMs: number | undefined;
  for (let round = 0; round <= kills && violations.length === 0; round += 1) {
    const asked: TimerChildOptions = { folder, journalPath, ...place, time, seed: seed + round };
    const child = new Child(childProgram, [JSON.stringify(asked)], {
      complaintsPath: path.join(root, 'complaints.txt'),
    });
    // Some are killed before they have come up: while they answer, stop or start.
    const isHeard = random.chance(0.85);
    if (isHeard && (await child.hear('ready')) === undefined) {
      violations.push(`the process of round ${round} ended by itself; see ${root}/complaints.txt`);
      break;
    }
    // Twice as long as a heartbeat, so that there are kills before, at and after one.
    const patienceMs = isHeard ? (60_000 / speed) * random.fraction() : 1500 * random.fraction();
    await new Promise((resolve) => setTimeout(resolve, patienceMs));
    const words = round === 0 && !isHeard ? [] : readWords(journalPath);
    const states = words.filter((word) => word.word === 'state');
    const state = states.at(-1);
    const sinceMs = killedMs;
    const atMs = computeShownMs(time);
    await child.end('SIGKILL');
    appendFileSync(journalPath, '\n');
    if (state !== undefined && sinceMs !== undefined && state.atMs > sinceMs) {
      const before = words.slice(0, words.lastIndexOf(state));
      const verdict = judgeKill(before, sinceMs, state);
      violations.push(...verdict.violations.map((violation) => `round ${round}: ${violation}`));
      if (verdict.inQuestionMs !== undefined) {
        killsWithTimer += 1;
        longestInQuestionMs = Math.max(longestInQuestionMs, verdict.inQuestionMs);
        longestLateMs = Math.max(longestLateMs, verdict.lateMs);
      }
    }
    killedMs = atMs;
    if (round > 0 && round % 20 === 0) say(`${round} kills`);
  }
  if (violations.length === 0) await rm(root, { recursive: true, force: true });
  return {
    violations,
    killsWithTimer,
    longestInQuestionMs,
    longestLateMs,
    folder: violations.length === 0 ? undefined : root,
  };
}

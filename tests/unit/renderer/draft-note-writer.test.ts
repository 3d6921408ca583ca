import { describe, expect, it } from 'vitest';
import {
  DraftNoteWriter,
  longestUnwrittenMs,
  writeDelayMs,
  type NoteState,
} from '../../../src/renderer/features/tasks/draft-note-writer.ts';

/** A desk on which time stands still until it is moved, and each write is answered by hand. */
function createDesk(savedText = '') {
  let nowMs = 0;
  let timers: { readonly atMs: number; readonly run: () => void }[] = [];
  const sent: string[] = [];
  const answers: { resolve: () => void; reject: (error: Error) => void }[] = [];
  const states: NoteState[] = [];
  const adopted: string[] = [];
  let kept: string | undefined;
  const writer = new DraftNoteWriter(savedText, {
    send: (text) => {
      sent.push(text);
      return new Promise((resolve, reject) => {
        answers.push({ resolve, reject });
      });
    },
    keep: (text) => {
      kept = text;
    },
    setTimer: (run, delayMs) => {
      const timer = { atMs: nowMs + delayMs, run };
      timers.push(timer);
      return () => {
        timers = timers.filter((each) => each !== timer);
      };
    },
    nowMs: () => nowMs,
    onState: (state) => states.push(state),
    onAdopted: (text) => adopted.push(text),
  });
  const settle = () => new Promise<void>((resolve) => void setImmediate(resolve));
  return {
    writer,
    sent,
    states,
    adopted,
    getKept: () => kept,
    pass: async (durationMs: number) => {
      nowMs += durationMs;
      const due = timers.filter(({ atMs }) => atMs <= nowMs);
      timers = timers.filter((timer) => !due.includes(timer));
      for (const { run } of due) run();
      await settle();
    },
    answer: async (error?: Error) => {
      const next = answers.shift();
      if (error === undefined) next?.resolve();
      else next?.reject(error);
      await settle();
    },
  };
}

describe('the note of a draft', () => {
  it('is written once after a pause, with all that was typed', async () => {
    const desk = createDesk();
    desk.writer.type('a');
    await desk.pass(writeDelayMs - 1);
    desk.writer.type('ab');
    await desk.pass(writeDelayMs - 1);
    expect(desk.sent).toEqual([]);
    await desk.pass(1);
    expect(desk.sent).toEqual(['ab']);
  });

  it('is written along with somebody who never pauses', async () => {
    const desk = createDesk();
    for (let typedMs = 0; typedMs <= longestUnwrittenMs; typedMs += 100) {
      desk.writer.type(`${typedMs}`);
      await desk.pass(100);
    }
    expect(desk.sent).toHaveLength(1);
  });

  it('is written again when more was typed while a write was under way', async () => {
    const desk = createDesk();
    desk.writer.type('first');
    await desk.pass(writeDelayMs);
    desk.writer.type('first and second');
    await desk.pass(writeDelayMs);
    expect(desk.sent).toEqual(['first']);
    await desk.answer();
    await desk.pass(writeDelayMs);
    expect(desk.sent).toEqual(['first', 'first and second']);
    await desk.answer();
    expect(desk.writer.isSaved).toBe(true);
  });

  it('is kept in the window until the workspace has it', async () => {
    const desk = createDesk();
    desk.writer.type('precious');
    expect(desk.getKept()).toBe('precious');
    await desk.pass(writeDelayMs);
    expect(desk.getKept()).toBe('precious');
    await desk.answer();
    expect(desk.getKept()).toBeUndefined();
    expect(desk.states).toEqual(['unsaved', 'saved']);
  });

  it('is tried again after a failure, and stays in the window meanwhile', async () => {
    const desk = createDesk();
    desk.writer.type('precious');
    await desk.pass(writeDelayMs);
    await desk.answer(new Error('the host is silent'));
    expect(desk.states.at(-1)).toBe('failed');
    expect(desk.getKept()).toBe('precious');
    await desk.pass(10_000);
    expect(desk.sent).toEqual(['precious', 'precious']);
  });

  it('flushes what was typed during a write, not only the write', async () => {
    const desk = createDesk();
    desk.writer.type('one');
    const first = desk.writer.flush();
    desk.writer.type('one two');
    const second = desk.writer.flush();
    await desk.answer();
    await first;
    await desk.answer();
    await second;
    expect(desk.sent).toEqual(['one', 'one two']);
  });

  it('takes over a text from elsewhere only while nothing typed is unsaved', async () => {
    const desk = createDesk('old');
    desk.writer.adopt('from the other device');
    expect(desk.adopted).toEqual(['from the other device']);
    desk.writer.type('mine');
    desk.writer.adopt('from the other device');
    await desk.pass(writeDelayMs);
    desk.writer.adopt('from the other device');
    expect(desk.adopted).toHaveLength(1);
    expect(desk.writer.text).toBe('mine');
  });

  it('writes what an earlier window could not save', async () => {
    const desk = createDesk('old');
    desk.writer.restore('what was typed before the crash');
    desk.writer.adopt('old');
    void desk.writer.flush();
    await desk.answer();
    expect(desk.sent).toEqual(['what was typed before the crash']);
    expect(desk.writer.isSaved).toBe(true);
  });
});

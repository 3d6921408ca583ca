import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { askEngine, type AskedEngine } from '../../src/main/sample/ask-engine.ts';
import { StintError } from '../../src/shared/errors.ts';
import type { SeededRandom } from '../bench/data/seeded-random.ts';
import type { IntentJournal } from './intent-journal.ts';

const dayMs = 86_400_000;

/** A second device does only what cannot be mistaken for the first one's: both work on the same drafts. */
export type Role = 'employer' | 'intern' | 'second_device';

interface Act {
  readonly weight: number;
  run(): Promise<void>;
}

/** Somebody who works in the app at random, by the same requests as a person at the interface, and keeps a journal. */
export class Person {
  readonly #engine: AskedEngine;
  readonly #journal: IntentJournal;
  readonly #random: SeededRandom;
  readonly #name: string;
  readonly #inputsFolder: string;
  readonly #seatId: string;
  readonly #acts: readonly Act[];
  #count = 0;

  constructor(options: {
    readonly engine: AskedEngine;
    readonly journal: IntentJournal;
    readonly random: SeededRandom;
    /** Of this person in this run of the program: no other text begins with it. */
    readonly name: string;
    readonly role: Role;
    readonly inputsFolder: string;
    readonly seatId: string;
  }) {
    this.#engine = options.engine;
    this.#journal = options.journal;
    this.#random = options.random;
    this.#name = options.name;
    this.#inputsFolder = options.inputsFolder;
    this.#seatId = options.seatId;
    this.#acts =
      options.role === 'employer' ? this.#listEmployerActs() : this.#listInternActs(options.role);
  }

  /** Does one thing. A refusal by the rules is an answer like any other. */
  async act(): Promise<void> {
    const total = this.#acts.reduce((sum, { weight }) => sum + weight, 0);
    let drawn = this.#random.fraction() * total;
    const act = this.#acts.find(({ weight }) => (drawn -= weight) < 0);
    await act?.run();
  }

  #listInternActs(role: Role): readonly Act[] {
    const acts: readonly Act[] = [
      { weight: 6, run: () => this.#addTime() },
      { weight: 2, run: () => this.#editTime() },
      { weight: 1, run: () => this.#deleteTime() },
      { weight: 2, run: () => this.#attachFile() },
    ];
    if (role === 'second_device') return acts;
    return [
      ...acts,
      { weight: 3, run: () => this.#writeNote() },
      { weight: 2, run: () => this.#handIn() },
    ];
  }

  #listEmployerActs(): readonly Act[] {
    return [
      { weight: 3, run: () => this.#assignTask() },
      { weight: 3, run: () => this.#renameTask() },
      { weight: 2, run: () => this.#extendTask() },
      { weight: 4, run: () => this.#review() },
    ];
  }

  #makeText(): string {
    this.#count += 1;
    return `${this.#name}-${String(this.#count).padStart(4, '0')}.`;
  }

  async #note(mutation: string, text: string, act: () => Promise<unknown>, seconds = 0) {
    this.#journal.append({ kind: 'meant', text, mutation, seconds });
    try {
      await act();
      this.#journal.append({ kind: 'saved', text, mutation });
    } catch (error) {
      if (!(error instanceof StintError)) throw error;
      this.#journal.append({ kind: 'refused', text, mutation, code: error.code });
    }
  }

  async #pickTask(): Promise<string | undefined> {
    const { items } = await askEngine(this.#engine, 'tasks.list', { seatId: this.#seatId });
    return items.length === 0 ? undefined : this.#random.pick(items).taskId;
  }

  async #addTime(): Promise<void> {
    const taskId = await this.#pickTask();
    if (taskId === undefined) return;
    const text = this.#makeText();
    const seconds = this.#random.integer(60, 7200);
    const startMs = Date.now() - this.#random.integer(1, 20) * dayMs;
    await this.#note(
      'time.add',
      text,
      () =>
        askEngine(this.#engine, 'hours.add', {
          seatId: this.#seatId,
          taskId,
          startedAt: new Date(startMs).toISOString(),
          endedAt: new Date(startMs + seconds * 1000).toISOString(),
          note: text,
        }),
      seconds,
    );
  }

  async #pickTimeEntry(): Promise<string | undefined> {
    const toDate = (atMs: number): string => new Date(atMs).toISOString().slice(0, 10);
    const { entries } = await askEngine(this.#engine, 'hours.list', {
      seatId: this.#seatId,
      from: toDate(Date.now() - 30 * dayMs),
      to: toDate(Date.now() + dayMs),
    });
    return entries.length === 0 ? undefined : this.#random.pick(entries).timeEntryId;
  }

  async #editTime(): Promise<void> {
    const timeEntryId = await this.#pickTimeEntry();
    if (timeEntryId === undefined) return;
    const text = this.#makeText();
    await this.#note('time.edit', text, () =>
      askEngine(this.#engine, 'hours.edit', {
        seatId: this.#seatId,
        timeEntryId,
        patch: { note: text },
      }),
    );
  }

  /** Deletes and takes it back: no text goes with it, so nothing of it is in the journal. */
  async #deleteTime(): Promise<void> {
    const timeEntryId = await this.#pickTimeEntry();
    if (timeEntryId === undefined) return;
    for (const deleted of [true, false])
      await askEngine(this.#engine, 'hours.delete', { seatId: this.#seatId, timeEntryId, deleted });
  }

  async #writeNote(): Promise<void> {
    const taskId = await this.#pickTask();
    if (taskId === undefined) return;
    const text = this.#makeText();
    await this.#note('draft.writeNote', text, () =>
      askEngine(this.#engine, 'draft.writeNote', { seatId: this.#seatId, taskId, note: text }),
    );
  }

  async #attachFile(): Promise<void> {
    const taskId = await this.#pickTask();
    if (taskId === undefined) return;
    const text = this.#makeText();
    const file = path.join(this.#inputsFolder, `${text}txt`);
    const line = `${this.#random.hexadecimal(64)}\n`;
    await writeFile(file, line.repeat(this.#random.integer(1, 3000)));
    const { stagedId } = await askEngine(this.#engine, 'files.importPath', { path: file });
    await this.#note('draft.attach', text, () =>
      askEngine(this.#engine, 'draft.attach', { seatId: this.#seatId, taskId, stagedId }),
    );
  }

  async #handIn(): Promise<void> {
    const taskId = await this.#pickTask();
    if (taskId === undefined) return;
    const task = { seatId: this.#seatId, taskId };
    const text = this.#makeText();
    await this.#note('draft.writeNote', text, () =>
      askEngine(this.#engine, 'draft.writeNote', { ...task, note: text }),
    );
    await this.#note('submission.create', text, () =>
      askEngine(this.#engine, 'submission.create', task),
    );
    const { draft } = await askEngine(this.#engine, 'task.get', task);
    for (const { attachmentId } of draft?.files ?? [])
      await askEngine(this.#engine, 'draft.detach', {
        seatId: this.#seatId,
        attachmentId,
        detached: true,
      });
  }

  async #assignTask(): Promise<void> {
    const { engagements } = await askEngine(this.#engine, 'people.list', { seatId: this.#seatId });
    const active = engagements.filter(({ status }) => status === 'active');
    const { total } = await askEngine(this.#engine, 'tasks.list', { seatId: this.#seatId });
    if (active.length === 0 || total >= 40) return;
    const text = this.#makeText();
    await this.#note('task.assign', text, () =>
      askEngine(this.#engine, 'task.assign', {
        seatId: this.#seatId,
        engagementId: this.#random.pick(active).engagementId,
        title: text,
        instructions: 'Look at twelve shops.',
        criteria: ['Twelve shops', 'One table'],
        deadline: { wall: '2099-06-30T17:00', zone: 'Europe/Berlin' },
        estimateMinutes: 120,
      }),
    );
  }

  async #renameTask(): Promise<void> {
    const taskId = await this.#pickTask();
    if (taskId === undefined) return;
    const text = this.#makeText();
    await this.#note('task.edit', text, () =>
      askEngine(this.#engine, 'task.edit', {
        seatId: this.#seatId,
        taskId,
        patch: { title: text },
      }),
    );
  }

  async #extendTask(): Promise<void> {
    const taskId = await this.#pickTask();
    if (taskId === undefined) return;
    const text = this.#makeText();
    await this.#note('task.extend', text, () =>
      askEngine(this.#engine, 'task.extend', {
        seatId: this.#seatId,
        taskId,
        days: 1,
        minutes: 0,
        reason: text,
      }),
    );
  }

  async #review(): Promise<void> {
    const { waiting } = await askEngine(this.#engine, 'review.queue', { seatId: this.#seatId });
    if (waiting.length === 0) return;
    const { submission } = this.#random.pick(waiting);
    const text = this.#makeText();
    await this.#note('review.decide', text, () =>
      askEngine(this.#engine, 'review.decide', {
        seatId: this.#seatId,
        submissionId: submission.submissionId,
        manifestHash: submission.manifestHash,
        // Accepting what is not the newest on the server any more is refused there: that has to show.
        ...(this.#random.chance(0.4)
          ? { decision: 'accepted', comments: [] }
          : {
              decision: 'changes_requested',
              comments: [
                {
                  kind: 'change',
                  criterionId: submission.brief.criteria[0]?.id ?? null,
                  attachmentId: null,
                  text: 'More of it.',
                },
              ],
            }),
        comment: text,
      }),
    );
  }
}

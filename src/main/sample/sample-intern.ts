import path from 'node:path';
import type { Sample, SampleRound } from '../../server/sample/sample-format.ts';
import { askEngine, type AskedEngine } from './ask-engine.ts';
import type { SampleDays } from './sample-days.ts';

/** What the sample's intern does, through the same requests as a person at the interface. */
export class SampleIntern {
  readonly #engine: AskedEngine;
  readonly #sample: Sample;
  readonly #days: SampleDays;
  readonly #sampleFolder: string;
  #seatId = '';

  constructor(engine: AskedEngine, sample: Sample, days: SampleDays, sampleFolder: string) {
    this.#engine = engine;
    this.#sample = sample;
    this.#days = days;
    this.#sampleFolder = sampleFolder;
  }

  get seatId(): string {
    return this.#seatId;
  }

  async join(link: string, password: string): Promise<void> {
    const { seatId } = await askEngine(this.#engine, 'setup.acceptInvitation', {
      link,
      account: { kind: 'new', ...this.#sample.intern, password },
    });
    this.#seatId = seatId;
  }

  async readBrief(taskId: string): Promise<void> {
    const { brief } = await askEngine(this.#engine, 'task.get', { seatId: this.#seatId, taskId });
    await askEngine(this.#engine, 'task.acknowledgeBrief', {
      seatId: this.#seatId,
      taskId,
      briefVersionId: brief.briefVersionId,
    });
  }

  async recordTime(taskId: string, round: SampleRound): Promise<void> {
    for (const entry of round.timeEntries) {
      await askEngine(this.#engine, 'hours.add', {
        seatId: this.#seatId,
        taskId,
        ...this.#days.computeStretch(entry.startedAt, this.#sample.intern.timeZone, entry.minutes),
        note: entry.note,
      });
    }
  }

  /** Makes the draft what the round hands in: files, ticks and note; what an earlier round left is replaced. */
  async prepareDraft(
    taskId: string,
    round: SampleRound,
    deliverables: readonly string[] = round.deliverables,
  ): Promise<void> {
    const task = { seatId: this.#seatId, taskId };
    const { brief, draft } = await askEngine(this.#engine, 'task.get', task);
    for (const { attachmentId } of draft?.files ?? [])
      await askEngine(this.#engine, 'draft.detach', {
        seatId: this.#seatId,
        attachmentId,
        detached: true,
      });
    for (const file of deliverables) {
      const { stagedId } = await askEngine(this.#engine, 'files.importPath', {
        path: path.join(this.#sampleFolder, file),
      });
      await askEngine(this.#engine, 'draft.attach', { ...task, stagedId });
    }
    for (const [index, { id }] of brief.criteria.entries()) {
      const ticked = round.criteriaTicked.includes(index);
      if ((draft?.tickedCriterionIds.includes(id) ?? false) !== ticked)
        await askEngine(this.#engine, 'draft.tickCriterion', { ...task, criterionId: id, ticked });
    }
    await askEngine(this.#engine, 'draft.writeNote', { ...task, note: round.note });
  }

  async submit(taskId: string): Promise<string> {
    const { submissionId } = await askEngine(this.#engine, 'submission.create', {
      seatId: this.#seatId,
      taskId,
    });
    return submissionId;
  }
}

import path from 'node:path';
import type { RequestOutput } from '../../shared/contract/contract.ts';
import type { Sample, SampleReview, SampleTask } from '../../server/sample/sample-format.ts';
import { askEngine, type AskedEngine } from './ask-engine.ts';
import type { SampleDays } from './sample-days.ts';

/** What the sample's employer does, through the same requests as a person at the interface. */
export class SampleEmployer {
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

  async setUpOrganization(serverUrl: string, password: string): Promise<void> {
    const { employer, organization, project } = this.#sample;
    const { seatId } = await askEngine(this.#engine, 'setup.createOrganization', {
      serverUrl,
      account: { kind: 'new', ...employer, password },
      organizationName: organization.name,
      timeZone: project.timeZone,
    });
    this.#seatId = seatId;
  }

  async createProject(): Promise<string> {
    const { startsOn, endsOn, ...terms } = this.#sample.project;
    const { projectId } = await askEngine(this.#engine, 'project.create', {
      seatId: this.#seatId,
      terms: {
        ...terms,
        categoryName: null,
        startsOn: this.#days.computeDay(startsOn.dayOffset),
        endsOn: this.#days.computeDay(endsOn.dayOffset),
      },
    });
    return projectId;
  }

  /** @returns the link to send, which works once the invitation has reached the server. */
  async inviteIntern(projectId: string): Promise<{ engagementId: string; link: string }> {
    const { name, email } = this.#sample.intern;
    const { engagementId, link } = await askEngine(this.#engine, 'people.inviteIntern', {
      seatId: this.#seatId,
      projectId,
      name,
      email,
    });
    return { engagementId, link };
  }

  async assignTask(engagementId: string, task: SampleTask): Promise<string> {
    const referenceStagedIds: string[] = [];
    for (const file of task.referenceFiles) {
      const { stagedId } = await askEngine(this.#engine, 'files.importPath', {
        path: path.join(this.#sampleFolder, file),
      });
      referenceStagedIds.push(stagedId);
    }
    const { taskId } = await askEngine(this.#engine, 'task.assign', {
      seatId: this.#seatId,
      engagementId,
      title: task.title,
      instructions: task.instructions,
      criteria: task.criteria,
      deadline: {
        wall: this.#days.computeWall(task.deadline),
        zone: this.#sample.project.timeZone,
      },
      estimateMinutes: task.estimateMinutes,
      referenceStagedIds,
    });
    return taskId;
  }

  async listWaiting(): Promise<RequestOutput<'review.queue'>['waiting']> {
    const { waiting } = await askEngine(this.#engine, 'review.queue', { seatId: this.#seatId });
    return waiting;
  }

  async decide(submission: RequestOutput<'submission.get'>, review: SampleReview): Promise<void> {
    await askEngine(this.#engine, 'review.decide', {
      seatId: this.#seatId,
      submissionId: submission.submissionId,
      manifestHash: submission.manifestHash,
      decision: review.decision,
      comment: review.comment,
      comments: review.criterionComments.map(({ criterion, comment }) => ({
        criterionId: submission.brief.criteria[criterion]?.id ?? null,
        attachmentId: null,
        text: comment,
      })),
    });
  }
}

import { describe, expect, it } from 'vitest';
import { computeNextStep } from '../../../src/renderer/features/today/next-step.ts';
import type { RunningTimer, TaskItem } from '../../../src/shared/contract/shapes.ts';

const nowMs = Date.parse('2026-03-10T09:00:00.000Z');

function createTask(taskId: string, dueInHours: number, more: Partial<TaskItem> = {}): TaskItem {
  const instant = new Date(nowMs + dueInHours * 3_600_000).toISOString();
  return {
    seatId: 'seat',
    taskId,
    engagementId: 'engagement',
    projectId: 'project',
    title: taskId,
    organizationName: 'Talkorn',
    projectTitle: 'Research',
    internName: 'Inês',
    state: 'to_do',
    due: { wall: '', baseWall: '', zone: 'Europe/Berlin', instant, isExtended: false },
    isOverdue: dueInHours < 0,
    isEngagementOver: false,
    hasUnseenBrief: false,
    isOpened: true,
    estimateMinutes: null,
    workedSeconds: 0,
    newestRevision: null,
    position: 0,
    dependsOn: [],
    waitsFor: [],
    mark: 'on_the_server',
    ...more,
  };
}

function createTimer(taskId: string): RunningTimer {
  return {
    seatId: 'seat',
    timeEntryId: 'entry',
    taskId,
    taskTitle: taskId,
    organizationName: 'Talkorn',
    startedAt: new Date(nowMs).toISOString(),
    elapsedSeconds: 1,
    note: '',
    gap: null,
  };
}

describe('the next thing to do', () => {
  const later = createTask('later', 100);
  const returned = createTask('returned', 50, { state: 'changes_requested' });

  it('is what the timer runs on', () => {
    expect(
      computeNextStep(
        { due: [later], cameBack: [returned], atWork: null },
        createTimer('later'),
        nowMs,
      ),
    ).toEqual({ item: later, kind: 'running' });
  });

  it('is what the timer runs on, also where the list does not reach it', () => {
    const far = createTask('far', 900, { state: 'in_progress' });
    const day = { due: [later], cameBack: [returned], atWork: far };
    expect(computeNextStep(day, createTimer('far'), nowMs)).toEqual({ item: far, kind: 'running' });
    expect(computeNextStep(day, null, nowMs)).toEqual({ item: returned, kind: 'changes' });
  });

  it('is what is overdue before what came back', () => {
    const overdue = createTask('overdue', -2);
    expect(
      computeNextStep({ due: [overdue, later], cameBack: [returned], atWork: null }, null, nowMs),
    ).toEqual({
      item: overdue,
      kind: 'overdue',
    });
  });

  it('is what came back before what has time', () => {
    expect(
      computeNextStep({ due: [later], cameBack: [returned], atWork: null }, null, nowMs),
    ).toEqual({
      item: returned,
      kind: 'changes',
    });
  });

  it('is what is due within a day before what came back', () => {
    const soon = createTask('soon', 5, { state: 'in_progress' });
    expect(
      computeNextStep({ due: [soon], cameBack: [returned], atWork: null }, null, nowMs),
    ).toEqual({
      item: soon,
      kind: 'continue',
    });
  });

  it('is nothing when there is nothing', () => {
    expect(computeNextStep({ due: [], cameBack: [], atWork: null }, null, nowMs)).toBeUndefined();
  });
});

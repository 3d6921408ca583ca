import { expect } from 'vitest';
import type { HeldAnchor, TimeAnchor } from '../../../src/shared/domain/time-anchor.ts';
import { type VerdictInputs, verdictInputsSchema } from '../../../src/shared/domain/verdict.ts';
import { createHeldTime, type HeldTime } from './held-ports.ts';
import type { TestDevice } from './test-device.ts';
import { createId } from './test-ids.ts';
import { createSubmissionArgs, TestOrganization } from './test-organization.ts';
import { startTestServer } from './test-server.ts';

export const minuteMs = 60_000;

/** 1 March 2026, in the winter of Berlin: one hour ahead of UTC. */
export const wallAt = (utcHour: number, minute = 0) =>
  `2026-03-01T${String(utcHour + 1).padStart(2, '0')}:${String(minute).padStart(2, '0')}`;
export const instantAt = (utcHour: number, minute = 0) =>
  `2026-03-01T${String(utcHour).padStart(2, '0')}:${String(minute).padStart(2, '0')}:00.000Z`;

export interface ClockSetting {
  readonly url: string;
  readonly time: HeldTime;
  readonly organization: TestOrganization;
  readonly orgId: string;
  readonly owner: TestDevice;
  readonly intern: TestDevice;
  readonly engagementId: string;
}

/** A server whose clock stands at 09:00 UTC until a test moves it, and a project with an hour of grace. */
export async function createClockSetting(): Promise<ClockSetting> {
  const time = createHeldTime();
  const { url } = await startTestServer({ ports: { clock: time.clock } });
  const organization = await TestOrganization.create(url);
  const { device: intern, engagementId } = await organization.addIntern();
  const { orgId, owner } = organization;
  return { url, time, organization, orgId, owner, intern, engagementId };
}

export const assign = ({ organization, engagementId }: ClockSetting, wall: string) =>
  organization.assignTask(engagementId, { deadline: { wall, zone: 'Europe/Berlin' } });

export function hold(
  anchor: TimeAnchor | null,
  changes: { elapsedMs?: number | null; heldSince?: string | null } = {},
): HeldAnchor {
  if (anchor === null) throw new Error('the server answered without an anchor');
  return { ...anchor, elapsedMs: null, heldSince: null, ...changes };
}

export interface Judged {
  readonly verdict: unknown;
  readonly marks: unknown;
  readonly inputs: VerdictInputs;
}

/** Hands a task in as the device says, and answers what the server made of it. */
export async function handIn(
  { orgId, owner, intern }: ClockSetting,
  task: Parameters<typeof createSubmissionArgs>[0],
  mutation: { claimedAt: string; baseSeq?: number; anchor?: HeldAnchor | null },
  device: TestDevice = intern,
): Promise<Judged & { submissionId: string }> {
  const args = createSubmissionArgs(task, { note: createId() });
  const { results } = await device.push(orgId, [
    device.createMutation('submission.create', args, mutation),
  ]);
  expect(results).toMatchObject([{ status: 'applied' }]);
  return {
    submissionId: args.submissionId,
    ...(await readJudged(owner, orgId, args.submissionId)),
  };
}

async function readJudged(
  device: TestDevice,
  orgId: string,
  submissionId: string,
): Promise<Judged> {
  const rows = await device.list(orgId, 'submissions');
  const row = rows.find(({ id }) => id === submissionId);
  return {
    verdict: row?.['verdict'],
    marks: JSON.parse(String(row?.['marksJson'])),
    inputs: verdictInputsSchema.parse(JSON.parse(String(row?.['verdictInputsJson']))),
  };
}

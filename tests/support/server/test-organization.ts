import type { MembershipResponse } from '../../../src/shared/protocol/accounts.ts';
import { endpoints } from '../../../src/shared/protocol/endpoints.ts';
import { TestDevice } from './test-device.ts';
import { computeInstant, computeSha256, createId, createInvitationCode } from './test-ids.ts';

const dayMs = 86_400_000;

export const testProjectTerms = {
  title: 'Market research',
  brief: 'Find out who buys muesli.',
  category: 'research',
  categoryName: null,
  hourBudgetMinutes: 600,
  pay: { kind: 'fixed', amountMinor: 30_000, currency: 'EUR' },
  timeZone: 'Europe/Berlin',
  startsOn: '2026-01-01',
  endsOn: '2026-12-31',
  graceMinutes: 60,
  latePolicy: '',
  roundsIncluded: 2,
} as const;

export interface TestIntern {
  readonly device: TestDevice;
  readonly membershipId: string;
  readonly engagementId: string;
}

/** An organization with an owner and a project, on a real server; more is added as a test needs it. */
export class TestOrganization {
  readonly orgId: string;
  readonly owner: TestDevice;
  readonly ownerMembershipId: string;
  readonly projectId: string;

  private constructor(owner: TestDevice, orgId: string, membershipId: string, projectId: string) {
    this.owner = owner;
    this.orgId = orgId;
    this.ownerMembershipId = membershipId;
    this.projectId = projectId;
  }

  static async create(baseUrl: string, name = 'Talkorn'): Promise<TestOrganization> {
    const owner = new TestDevice(baseUrl);
    await owner.register(`Owner of ${name}`);
    const { orgId, membershipId } = await owner.createOrganization(name);
    const projectId = createId();
    await owner.apply(orgId, ['project.create', { projectId, terms: testProjectTerms }]);
    return new TestOrganization(owner, orgId, membershipId, projectId);
  }

  /** Invites an intern; the code is what the link would carry. */
  async invite(
    changes: Record<string, unknown> = {},
  ): Promise<{ code: string; invitationId: string; engagementId: string }> {
    const code = createInvitationCode();
    const invitationId = createId();
    const engagementId = createId();
    await this.owner.apply(this.orgId, [
      'engagement.invite',
      {
        invitationId,
        engagementId,
        codeHash: computeSha256(code),
        invitedName: 'Ida',
        invitedEmail: null,
        expiresAt: computeInstant(7 * dayMs),
        projectId: this.projectId,
        ...changes,
      },
    ]);
    return { code, invitationId, engagementId };
  }

  /** A new person with an account who accepted an invitation to the project. */
  async addIntern(name = 'Ida'): Promise<TestIntern> {
    const { code, engagementId } = await this.invite();
    const device = new TestDevice(this.owner.baseUrl);
    // Needed where sign-up is by invitation; elsewhere it changes nothing.
    await device.register(name, { invitationCode: code });
    const { membership } = await device.request<MembershipResponse>(
      'POST',
      endpoints.acceptInvitation,
      { code, membershipId: createId() },
    );
    return { device, membershipId: membership.membershipId, engagementId };
  }

  async assignTask(
    engagementId: string,
    changes: Record<string, unknown> = {},
  ): Promise<{ taskId: string; briefVersionId: string; deadlineId: string }> {
    const ids = { taskId: createId(), briefVersionId: createId(), deadlineId: createId() };
    await this.owner.apply(this.orgId, [
      'task.assign',
      {
        ...ids,
        engagementId,
        title: 'Survey',
        instructions: 'Ask fifty people.',
        criteria: [],
        deadline: { wall: '2099-12-31T17:00', zone: 'Europe/Berlin' },
        estimateMinutes: null,
        references: [],
        ...changes,
      },
    ]);
    return ids;
  }
}

/** The arguments of `submission.create` for a task. */
export function createSubmissionArgs(
  task: { taskId: string; briefVersionId: string; deadlineId: string },
  changes: Record<string, unknown> = {},
): { submissionId: string } & Record<string, unknown> {
  return {
    submissionId: createId(),
    ...task,
    note: 'Here it is.',
    ticked: [],
    files: [],
    ...changes,
  };
}

/** A file as a manifest names it. */
export function createManifestFile(content: string | Uint8Array, name = 'findings.txt') {
  return {
    attachmentId: createId(),
    name,
    sha256: computeSha256(content),
    sizeBytes: Buffer.byteLength(content),
    mediaType: 'text/plain',
  };
}

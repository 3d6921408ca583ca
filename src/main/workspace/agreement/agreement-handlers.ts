import { computeCanonicalJson } from '../../../shared/canonical-json.ts';
import type { agreementRequests } from '../../../shared/contract/agreement-requests.ts';
import type { evaluationRequests } from '../../../shared/contract/evaluation-requests.ts';
import {
  type AmendmentChanges,
  computeAgreementHash,
  parseAgreement,
} from '../../../shared/domain/agreement.ts';
import { loadPeopleByMembership } from '../work/people-names.ts';
import { StintError } from '../../../shared/errors.ts';
import { computeAgreed } from '../../../shared/mutations/amendment-mutations.ts';
import type { HandlersOf } from '../engine/request-handlers.ts';
import { getSeat } from '../engine/workspace.ts';
import { getAmendment, getEngagementRow, loadAmendments } from './amendments.ts';
import { countConsequences } from './consequences.ts';
import { loadEvaluations } from './evaluations.ts';

export const agreementHandlers = {
  'engagement.agreement': async ({ seatId, engagementId }, workspace) => {
    const seat = getSeat(workspace, seatId);
    const row = await getEngagementRow(seat, engagementId);
    const agreement = parseAgreement(row.agreementJson);
    const people = await loadPeopleByMembership(seat);
    return {
      agreement,
      offeredByName: row.offeredBy === null ? null : (people.get(row.offeredBy)?.name ?? null),
      offeredAt: row.createdAt,
      confirmedAt: row.agreedAt,
      isConfirmedByHash:
        agreement !== null &&
        row.confirmedHash === computeAgreementHash(agreement, workspace.ports.sha256Hex),
    };
  },

  'amendment.list': async ({ seatId, engagementId }, workspace) =>
    loadAmendments(getSeat(workspace, seatId), engagementId === undefined ? {} : { engagementId }),

  'amendment.propose': async ({ seatId, engagementId, taskId, reason, changes }, workspace) => {
    const seat = getSeat(workspace, seatId);
    const engagement = await getEngagementRow(seat, engagementId);
    const agreed = computeAgreed(engagement);
    // What stays as it is is no change, whatever a form sends along.
    const real = Object.entries(changes).filter(
      ([field, to]) =>
        to !== undefined &&
        computeCanonicalJson(to) !== computeCanonicalJson(agreed[field as keyof typeof agreed]),
    );
    if (real.length === 0)
      throw new StintError(
        'invalid_input',
        'nothing would change: this is what is agreed already',
        {
          field: 'changes',
        },
      );
    const amendmentId = workspace.ports.randomness.uuid();
    await seat.mutate(
      'amendment.propose',
      {
        amendmentId,
        engagementId,
        taskId,
        reason,
        changes: Object.fromEntries(
          real.map(([field, to]) => [field, { from: agreed[field as keyof typeof agreed], to }]),
        ) as AmendmentChanges,
      },
      { subject: engagement.invitedName },
    );
    return { amendmentId };
  },

  'amendment.confirm': async ({ seatId, amendmentId }, workspace) => {
    const seat = getSeat(workspace, seatId);
    const { projectTitle } = await getAmendment(seat, amendmentId);
    await seat.mutate('amendment.confirm', { amendmentId }, { subject: projectTitle });
    return {};
  },

  'amendment.decline': async ({ seatId, amendmentId, reason }, workspace) => {
    const seat = getSeat(workspace, seatId);
    const { projectTitle } = await getAmendment(seat, amendmentId);
    await seat.mutate('amendment.decline', { amendmentId, reason }, { subject: projectTitle });
    return {};
  },

  'amendment.withdraw': async ({ seatId, amendmentId }, workspace) => {
    const seat = getSeat(workspace, seatId);
    const { projectTitle } = await getAmendment(seat, amendmentId);
    await seat.mutate('amendment.withdraw', { amendmentId }, { subject: projectTitle });
    return {};
  },

  'evaluation.get': async ({ seatId, engagementId }, workspace) => {
    const seat = getSeat(workspace, seatId);
    await getEngagementRow(seat, engagementId);
    const [found] = await loadEvaluations(seat, engagementId);
    if (found === undefined) throw new Error('an engagement is there, and not its evaluations');
    return found;
  },

  'evaluation.list': async ({ seatId }, workspace) => loadEvaluations(getSeat(workspace, seatId)),

  'evaluation.write': async ({ seatId, engagementId, content }, workspace) => {
    const seat = getSeat(workspace, seatId);
    const { invitedName } = await getEngagementRow(seat, engagementId);
    await seat.mutate(
      'evaluation.write',
      { evaluationId: workspace.ports.randomness.uuid(), engagementId, content },
      { subject: invitedName },
    );
    return {};
  },

  'engagement.consequences': async ({ seatId, engagementId }, workspace) =>
    countConsequences(getSeat(workspace, seatId), engagementId),
} satisfies HandlersOf<typeof agreementRequests & typeof evaluationRequests>;

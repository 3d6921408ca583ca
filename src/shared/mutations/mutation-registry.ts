import { StintError } from '../errors.ts';
import { acceptAgreement, inviteInternWithAgreement } from './agreement-mutations.ts';
import {
  confirmAmendment,
  declineAmendment,
  proposeAmendment,
  withdrawAmendment,
} from './amendment-mutations.ts';
import { reviseBrief, reviseBriefV1 } from './brief-mutations.ts';
import { recordBundle } from './bundle-mutations.ts';
import {
  attachDeliverableV1,
  detachDeliverableV1,
  tickCriterion,
  writeDraftNoteV1,
} from './draft-mutations.ts';
import { attachDeliverable, detachDeliverable, writeDraftNote } from './draft-version-mutations.ts';
import {
  completeEngagement,
  withdrawEngagement,
  withdrawInvitation,
} from './engagement-end-mutations.ts';
import { eraseInvitation, erasePerson } from './erasure-mutations.ts';
import {
  declineExtension,
  grantExtension,
  requestExtension,
  withdrawExtension,
} from './extension-requests.ts';
import { fileArrived, filesArrived } from './file-mutations.ts';
import { removeMember, removeMemberV1 } from './member-mutations.ts';
import { openEvaluations, writeEvaluation } from './evaluation-mutations.ts';
import { decideLateness } from './lateness-mutations.ts';
import type { MutationDefinition } from './mutation.ts';
import {
  acceptInvitation,
  createOrganization,
  renameOrganization,
  updateProfile,
} from './organization-mutations.ts';
import { removePhrase, removePhraseV1, savePhrase, savePhraseV1 } from './phrase-mutations.ts';
import {
  closeProject,
  completeEngagementV1,
  createProject,
  editProject,
  inviteIntern,
  inviteManager,
  withdrawEngagementV1,
  withdrawInvitationV1,
} from './project-mutations.ts';
import { createProjectWithTerms, editProjectTerms } from './project-terms-mutations.ts';
import {
  acceptQuarantined,
  declineQuarantined,
  returnToQuarantine,
} from './quarantine-decisions.ts';
import { holdInQuarantine } from './quarantine-hold.ts';
import { answerQuestion, askQuestion, quoteAnswerInBrief } from './question-mutations.ts';
import { claimReview, promiseReview, releaseReview } from './review-claims.ts';
import { decideReview, decideReviewV1 } from './review-mutations.ts';
import { createSubmission } from './submission-mutations.ts';
import { leaveOrganization, setRole } from './role-mutations.ts';
import {
  acknowledgeBrief,
  addReference,
  assignTask,
  cancelTask,
  editTask,
  extendDeadline,
  moveDeadline,
  removeReference,
} from './task-mutations.ts';
import {
  removeTemplate,
  removeTemplateV1,
  saveTemplate,
  saveTemplateV1,
} from './template-mutations.ts';
import {
  decideTimeChange,
  requestTimeChange,
  withdrawTimeChange,
} from './time-change-mutations.ts';
import { importTime } from './time-import-mutations.ts';
import { addTime, deleteTime, deleteTimeV1, editTime, rearrangeTime } from './time-mutations.ts';
import {
  decideTimesheet,
  reopenTimesheet,
  submitTimesheet,
  withdrawTimesheet,
} from './timesheet-mutations.ts';
import {
  orderTasks,
  orderTasksV1,
  orderTasksV2,
  setDependencies,
  setDependenciesV1,
} from './task-order.ts';

/** Every mutation there is. Its key on the wire is `name@version`; a published one never changes its meaning. */
export const mutationDefinitions = [
  createOrganization,
  renameOrganization,
  acceptInvitation,
  acceptAgreement,
  updateProfile,
  removeMemberV1,
  removeMember,
  setRole,
  leaveOrganization,
  erasePerson,
  eraseInvitation,
  createProject,
  createProjectWithTerms,
  editProject,
  editProjectTerms,
  saveTemplateV1,
  saveTemplate,
  removeTemplateV1,
  removeTemplate,
  closeProject,
  inviteIntern,
  inviteInternWithAgreement,
  inviteManager,
  withdrawInvitationV1,
  withdrawInvitation,
  completeEngagementV1,
  completeEngagement,
  withdrawEngagementV1,
  withdrawEngagement,
  proposeAmendment,
  confirmAmendment,
  declineAmendment,
  withdrawAmendment,
  writeEvaluation,
  recordBundle,
  openEvaluations,
  assignTask,
  editTask,
  reviseBriefV1,
  reviseBrief,
  moveDeadline,
  extendDeadline,
  cancelTask,
  addReference,
  removeReference,
  acknowledgeBrief,
  writeDraftNoteV1,
  setDependenciesV1,
  setDependencies,
  orderTasksV1,
  orderTasksV2,
  orderTasks,
  askQuestion,
  answerQuestion,
  quoteAnswerInBrief,
  requestExtension,
  grantExtension,
  declineExtension,
  withdrawExtension,
  writeDraftNote,
  tickCriterion,
  attachDeliverableV1,
  attachDeliverable,
  detachDeliverableV1,
  detachDeliverable,
  addTime,
  editTime,
  deleteTimeV1,
  deleteTime,
  rearrangeTime,
  importTime,
  submitTimesheet,
  withdrawTimesheet,
  decideTimesheet,
  reopenTimesheet,
  requestTimeChange,
  withdrawTimeChange,
  decideTimeChange,
  createSubmission,
  decideLateness,
  decideReviewV1,
  decideReview,
  claimReview,
  releaseReview,
  promiseReview,
  savePhraseV1,
  savePhrase,
  removePhraseV1,
  removePhrase,
  fileArrived,
  filesArrived,
  holdInQuarantine,
  acceptQuarantined,
  declineQuarantined,
  returnToQuarantine,
] as const;

const byKey = new Map<string, MutationDefinition>(
  mutationDefinitions.map((definition) => [
    `${definition.name}@${definition.version}`,
    definition as unknown as MutationDefinition,
  ]),
);

/** The definition, or undefined for a name or version that this program does not know. */
export function findMutation(name: string, version: number): MutationDefinition | undefined {
  return byKey.get(`${name}@${version}`);
}

/** The definition, or `protocol_unsupported` naming it. */
export function getMutation(name: string, version: number): MutationDefinition {
  const definition = findMutation(name, version);
  if (definition === undefined)
    throw new StintError(
      'protocol_unsupported',
      `this version of Stint does not know the change "${name}@${version}"; update it`,
    );
  return definition;
}

import { z } from 'zod';
import {
  criterionSchema,
  dateSchema,
  deadlineSchema,
  emailSchema,
  idSchema,
  instantSchema,
  nameSchema,
  roleSchema,
  textSchema,
} from '../domain/fields.ts';
import { decidedVerdictSchema } from '../domain/submission-marks.ts';
import { latenessReasonSchema } from '../mutations/lateness-mutations.ts';
import { taskTemplateSchema } from '../mutations/template-mutations.ts';
import {
  newProjectTermsSchema,
  projectTermsSchema,
  templateSchema,
  writtenTemplateSchema,
  writtenTermsSchema,
} from './project-shapes.ts';
import { defineRequest } from './request.ts';
import {
  engagementSchema,
  fileSchema,
  personSchema,
  projectItemSchema,
  seatIdSchema,
  syncMarkSchema,
  taskItemSchema,
} from './shapes.ts';

const nothing = z.object({});
const seatOnly = z.object({ seatId: seatIdSchema });

/** The employer's desk: review, projects, people, tasks and bundles. */
export const deskRequests = {
  'submission.decideLateness': defineRequest(
    'Decides whether a submission counts as on time, where the clocks contradict each other',
    z.object({
      seatId: seatIdSchema,
      submissionId: idSchema,
      verdict: decidedVerdictSchema,
      reason: latenessReasonSchema,
    }),
    nothing,
  ),
  'projects.list': defineRequest('Projects, open ones first', seatOnly, z.array(projectItemSchema)),
  'project.get': defineRequest(
    'One project with its terms and engagements',
    z.object({ seatId: seatIdSchema, projectId: idSchema }),
    z.object({
      item: projectItemSchema,
      terms: projectTermsSchema,
      templates: z.array(templateSchema),
      engagements: z.array(engagementSchema),
    }),
  ),
  'project.create': defineRequest(
    'Creates a project',
    z.object({
      seatId: seatIdSchema,
      terms: newProjectTermsSchema,
      templates: z.array(writtenTemplateSchema).max(200).default([]),
    }),
    z.object({ projectId: idSchema }),
  ),
  'project.edit': defineRequest(
    "Changes a project's terms for the people invited from now on",
    z.object({
      seatId: seatIdSchema,
      projectId: idSchema,
      patch: writtenTermsSchema.partial(),
      seen: projectTermsSchema.partial(),
    }),
    nothing,
  ),
  'template.save': defineRequest(
    'Makes a task template of a project, or changes of one what is not as it was seen',
    z.object({
      seatId: seatIdSchema,
      projectId: idSchema,
      /** Left out for a new one. */
      templateId: idSchema.optional(),
      template: writtenTemplateSchema,
      /** The template as it was when the change began; as the workspace holds it where this is left out. */
      seen: taskTemplateSchema.optional(),
    }),
    z.object({ templateId: idSchema }),
  ),
  'template.remove': defineRequest(
    'Removes a task template; what was assigned from it stays',
    z.object({ seatId: seatIdSchema, templateId: idSchema }),
    nothing,
  ),
  'project.close': defineRequest(
    'Closes a project',
    z.object({ seatId: seatIdSchema, projectId: idSchema }),
    nothing,
  ),
  'people.list': defineRequest(
    'The members of the organization, the engagements, and the invitations',
    seatOnly,
    z.object({
      members: z.array(
        z.object({
          person: personSchema,
          role: roleSchema,
          status: z.enum(['active', 'removed']),
          joinedAt: instantSchema,
          /** Who has left asked for their data to be erased then, and they are not yet. */
          erasureAskedAt: instantSchema.nullable(),
        }),
      ),
      engagements: z.array(engagementSchema),
      invitations: z.array(
        z.object({
          invitationId: idSchema,
          role: roleSchema,
          invitedName: z.string(),
          engagementId: idSchema.nullable(),
          state: z.enum(['open', 'accepted', 'expired', 'withdrawn']),
          createdAt: instantSchema,
          expiresAt: instantSchema,
          /** Only on the computer that made it, while it is open. */
          link: z.string().nullable(),
          /** The link works once the invitation has reached the server. */
          isOnServer: z.boolean(),
        }),
      ),
    }),
  ),
  'people.inviteIntern': defineRequest(
    'Invites an intern to a project; the answer is the link to send them',
    z.object({
      seatId: seatIdSchema,
      projectId: idSchema,
      name: nameSchema,
      email: emailSchema.nullable(),
      validDays: z.int().min(1).max(365).default(14),
    }),
    z.object({ invitationId: idSchema, engagementId: idSchema, link: z.string() }),
  ),
  'people.inviteManager': defineRequest(
    'Invites a manager; the answer is the link to send them',
    z.object({
      seatId: seatIdSchema,
      name: nameSchema,
      validDays: z.int().min(1).max(365).default(14),
    }),
    z.object({ invitationId: idSchema, link: z.string() }),
  ),
  'people.withdrawInvitation': defineRequest(
    'Withdraws an open invitation',
    z.object({ seatId: seatIdSchema, invitationId: idSchema }),
    nothing,
  ),
  'people.remove': defineRequest(
    "Ends a person's access to the organization; what they send from then on waits in quarantine",
    z.object({
      seatId: seatIdSchema,
      membershipId: idSchema,
      reason: z.string().max(2000).nullable().default(null),
    }),
    nothing,
  ),
  'quarantine.list': defineRequest(
    'Work that came from people whose access had ended: what waits, oldest first, then what was decided',
    seatOnly,
    z.array(
      z.object({
        quarantineId: idSchema,
        kind: z.enum(['submission', 'time']),
        /** What it is, e.g. "Submit work". */
        label: z.string(),
        membershipId: idSchema,
        personName: z.string(),
        taskTitle: z.string(),
        projectTitle: z.string(),
        note: z.string(),
        files: z.array(z.object({ attachmentId: idSchema, name: z.string(), sizeBytes: z.int() })),
        /** What it does with which time, as that would be: of a timesheet the first hundred; none for submissions. */
        stretches: z.array(
          z.object({
            startedAt: instantSchema,
            endedAt: instantSchema,
            note: z.string(),
            effect: z.enum(['added', 'changed', 'removed', 'restored', 'handed_in']),
          }),
        ),
        /** The days of a timesheet; of its entries, those that wait themselves are not among `stretches`. */
        period: z
          .object({ startsOn: dateSchema, endsOn: dateSchema, entryCount: z.int() })
          .nullable(),
        claimedAt: instantSchema,
        receivedAt: instantSchema,
        state: z.enum(['waiting', 'accepted', 'declined']),
        /** Why it could not be taken over when somebody accepted it; it waits on then. */
        problem: z.string().nullable(),
        decidedByName: z.string().nullable(),
        decidedAt: instantSchema.nullable(),
        decisionReason: z.string().nullable(),
        mark: syncMarkSchema,
      }),
    ),
  ),
  'quarantine.accept': defineRequest(
    'Takes quarantined work over into its engagement',
    z.object({ seatId: seatIdSchema, quarantineId: idSchema }),
    nothing,
  ),
  'quarantine.decline': defineRequest(
    'Leaves quarantined work out, with a reason that the person reads',
    z.object({
      seatId: seatIdSchema,
      quarantineId: idSchema,
      reason: z.string().trim().min(1, 'say why, so that the person knows').max(2000),
    }),
    nothing,
  ),
  'engagement.get': defineRequest(
    'One engagement with its tasks',
    z.object({ seatId: seatIdSchema, engagementId: idSchema }),
    z.object({ engagement: engagementSchema, tasks: z.array(taskItemSchema) }),
  ),
  'engagement.complete': defineRequest(
    'Completes an engagement',
    z.object({ seatId: seatIdSchema, engagementId: idSchema }),
    nothing,
  ),
  'engagement.withdraw': defineRequest(
    'Ends an engagement early; the intern stops seeing it',
    z.object({ seatId: seatIdSchema, engagementId: idSchema }),
    nothing,
  ),
  'task.assign': defineRequest(
    'Assigns a task in an engagement',
    z.object({
      seatId: seatIdSchema,
      engagementId: idSchema,
      title: nameSchema,
      instructions: textSchema,
      criteria: z.array(z.string().trim().min(1).max(1000)).max(100),
      deadline: deadlineSchema,
      estimateMinutes: z.int().min(1).max(60_000).nullable(),
      referenceStagedIds: z.array(idSchema).max(200).default([]),
    }),
    z.object({ taskId: idSchema }),
  ),
  'task.edit': defineRequest(
    "Changes a task's title or estimate",
    z.object({
      seatId: seatIdSchema,
      taskId: idSchema,
      patch: z
        .object({ title: nameSchema, estimateMinutes: z.int().min(1).max(60_000).nullable() })
        .partial(),
      /** What the editor saw; what stands there now where it is left out. */
      seen: z
        .object({ title: z.string(), estimateMinutes: z.int().nullable() })
        .partial()
        .optional(),
    }),
    nothing,
  ),
  'task.reviseBrief': defineRequest(
    'Gives a task a new brief version; criteria that keep their id stay the same criterion',
    z.object({
      seatId: seatIdSchema,
      taskId: idSchema,
      instructions: textSchema,
      criteria: z.array(criterionSchema.partial({ id: true })).max(100),
    }),
    z.object({ briefVersionId: idSchema }),
  ),
  'task.moveDeadline': defineRequest(
    "Moves a task's deadline",
    z.object({ seatId: seatIdSchema, taskId: idSchema, deadline: deadlineSchema }),
    nothing,
  ),
  'task.extend': defineRequest(
    'Gives extra time on a task, added in wall time',
    z.object({
      seatId: seatIdSchema,
      taskId: idSchema,
      days: z.int().min(0).max(365),
      minutes: z.int().min(0).max(1439),
      reason: z.string().max(2000),
    }),
    nothing,
  ),
  'task.cancel': defineRequest(
    'Cancels a task',
    z.object({ seatId: seatIdSchema, taskId: idSchema }),
    nothing,
  ),
  'task.addReference': defineRequest(
    "Adds a staged file to a task's reference files",
    z.object({ seatId: seatIdSchema, taskId: idSchema, stagedId: idSchema }),
    fileSchema,
  ),
  'task.removeReference': defineRequest(
    'Removes a reference file from a task',
    z.object({ seatId: seatIdSchema, attachmentId: idSchema }),
    nothing,
  ),
  'bundles.list': defineRequest(
    'Engagements with something to export, and the bundles exported on this computer',
    seatOnly,
    z.object({
      engagements: z.array(engagementSchema),
      exported: z.array(
        z.object({
          fileName: z.string(),
          engagementId: idSchema,
          exportedAt: instantSchema,
          sizeBytes: z.int(),
          sha256: z.string(),
        }),
      ),
    }),
  ),
  'bundle.export': defineRequest(
    "Exports an engagement's completed work as a bundle into the exports folder",
    z.object({ seatId: seatIdSchema, engagementId: idSchema }),
    z.object({
      fileName: z.string(),
      path: z.string(),
      sizeBytes: z.int(),
      sha256: z.string(),
      /** Deliverables that are not on the server yet, or could not be fetched; the bundle names them. */
      missing: z.array(z.string()),
    }),
  ),
} as const;

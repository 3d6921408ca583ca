import { z } from 'zod';
import {
  agreementSchema,
  amendmentChangesSchema,
  hourBudgetMinutesSchema,
  sideSchema,
} from '../domain/agreement.ts';
import { dateSchema, idSchema, instantSchema, paySchema, textSchema } from '../domain/fields.ts';
import { amendmentReasonSchema } from '../mutations/amendment-mutations.ts';
import { defineRequest } from './request.ts';
import { seatIdSchema, syncMarkSchema } from './shapes.ts';

const nothing = z.object({});

/** A change to what was agreed, as either side sees it. */
export const amendmentSchema = z.object({
  seatId: seatIdSchema,
  amendmentId: idSchema,
  engagementId: idSchema,
  projectTitle: z.string(),
  internName: z.string(),
  /** The task that gave rise to it, and its title; null where there is none, or it is not here. */
  taskId: idSchema.nullable(),
  taskTitle: z.string().nullable(),
  proposedByName: z.string(),
  proposedSide: sideSchema,
  /** Whether this seat's side proposed it: then it can take it back, else it decides. */
  isOwnSide: z.boolean(),
  reason: z.string(),
  changes: amendmentChangesSchema,
  /** What was agreed otherwise since it was proposed; such a proposal cannot be confirmed. */
  outdatedFields: z.array(z.enum(['hourBudgetMinutes', 'pay', 'startsOn', 'endsOn', 'scope'])),
  /** `lapsed`: still open when the engagement ended. */
  state: z.enum(['proposed', 'confirmed', 'declined', 'withdrawn', 'lapsed']),
  createdAt: instantSchema,
  decidedByName: z.string().nullable(),
  decidedAt: instantSchema.nullable(),
  decisionReason: z.string().nullable(),
  mark: syncMarkSchema,
});
export type Amendment = z.infer<typeof amendmentSchema>;

/** What the two sides agree on, for either of them. */
export const agreementRequests = {
  'engagement.agreement': defineRequest(
    'What was agreed when somebody joined, and who confirmed it',
    z.object({ seatId: seatIdSchema, engagementId: idSchema }),
    z.object({
      /** Null in engagements that came before it was written down. */
      agreement: agreementSchema.nullable(),
      offeredByName: z.string().nullable(),
      offeredAt: instantSchema,
      confirmedAt: instantSchema.nullable(),
      /** Whether the intern's confirmation names these very terms by their hash. */
      isConfirmedByHash: z.boolean(),
    }),
  ),
  'amendment.list': defineRequest(
    'Changes proposed to what was agreed: open ones first, then the newest; of one engagement, or of all',
    z.object({ seatId: seatIdSchema, engagementId: idSchema.optional() }),
    z.array(amendmentSchema),
  ),
  'amendment.propose': defineRequest(
    'Proposes to the other side to change what was agreed; nothing changes until they confirm',
    z.object({
      seatId: seatIdSchema,
      engagementId: idSchema,
      taskId: idSchema.nullable().default(null),
      reason: amendmentReasonSchema,
      changes: z
        .object({
          hourBudgetMinutes: hourBudgetMinutesSchema,
          pay: paySchema,
          startsOn: dateSchema,
          endsOn: dateSchema,
          scope: textSchema,
        })
        .partial(),
    }),
    z.object({ amendmentId: idSchema }),
  ),
  'amendment.confirm': defineRequest(
    "Confirms the other side's amendment: it is agreed from now on",
    z.object({ seatId: seatIdSchema, amendmentId: idSchema }),
    nothing,
  ),
  'amendment.decline': defineRequest(
    "Declines the other side's amendment, with a reason",
    z.object({ seatId: seatIdSchema, amendmentId: idSchema, reason: amendmentReasonSchema }),
    nothing,
  ),
  'amendment.withdraw': defineRequest(
    "Takes back an amendment of one's own side",
    z.object({ seatId: seatIdSchema, amendmentId: idSchema }),
    nothing,
  ),
} as const;

import { z } from 'zod';
import { agreementSchema } from '../domain/agreement.ts';
import {
  categorySchema,
  dateSchema,
  emailSchema,
  idSchema,
  instantSchema,
  lineSchema,
  nameSchema,
  passwordSchema,
  paySchema,
  roleSchema,
  sha256Schema,
  timeZoneSchema,
} from '../domain/fields.ts';

/** What `GET /api/v1/server` says to anyone; it is how a program recognises a Stint server. */
export const serverInfoSchema = z.object({
  product: z.literal('stint'),
  version: z.string(),
  protocol: z.int(),
  name: z.string(),
  signup: z.enum(['open', 'invitation']),
});
export type ServerInfo = z.infer<typeof serverInfoSchema>;

export const deviceSchema = z.object({ deviceId: idSchema, deviceName: lineSchema });

export const registerRequestSchema = z.object({
  email: emailSchema,
  password: passwordSchema,
  name: nameSchema,
  timeZone: timeZoneSchema,
  device: deviceSchema,
  /** Where sign-up is by invitation only, the code of one that is open. */
  invitationCode: z.string().max(200).nullable(),
});
export type RegisterRequest = z.infer<typeof registerRequestSchema>;

export const signInRequestSchema = z.object({
  email: emailSchema,
  password: z.string().max(1000),
  device: deviceSchema,
});
export type SignInRequest = z.infer<typeof signInRequestSchema>;

export const closeAccountRequestSchema = z.object({
  /** Whoever holds an unlocked computer is not yet the person. */
  password: z.string().max(1000),
  /** Whether the owners of the organizations are asked to erase what these hold of the person. */
  asksErasure: z.boolean().default(false),
});
export type CloseAccountRequest = z.infer<typeof closeAccountRequestSchema>;

export const changePasswordRequestSchema = z.object({
  /** Whoever holds an unlocked computer is not yet the person. */
  currentPassword: z.string().max(1000),
  newPassword: passwordSchema,
});
export type ChangePasswordRequest = z.infer<typeof changePasswordRequestSchema>;

export const membershipSummarySchema = z.object({
  orgId: idSchema,
  membershipId: idSchema,
  role: roleSchema,
  organizationName: z.string(),
});
export type MembershipSummary = z.infer<typeof membershipSummarySchema>;

export const accountSummarySchema = z.object({
  accountId: idSchema,
  email: z.string(),
  name: z.string(),
  timeZone: z.string(),
  memberships: z.array(membershipSummarySchema),
});
export type AccountSummary = z.infer<typeof accountSummarySchema>;

/** `token` is opaque, shown once, and stored hashed by the server. */
export const sessionResponseSchema = z.object({ token: z.string(), account: accountSummarySchema });
export type SessionResponse = z.infer<typeof sessionResponseSchema>;

export const createOrganizationRequestSchema = z.object({
  orgId: idSchema,
  membershipId: idSchema,
  name: nameSchema,
  timeZone: timeZoneSchema,
});
export type CreateOrganizationRequest = z.infer<typeof createOrganizationRequestSchema>;

/** An invitation's code: 32 bytes, base64url without padding. */
export const invitationCodeSchema = z
  .string()
  .regex(/^[A-Za-z0-9_-]{43}$/, 'expected an invitation code');

export const invitationRequestSchema = z.object({ code: invitationCodeSchema });

export const invitationDetailsSchema = z.object({
  organizationName: z.string(),
  role: roleSchema,
  invitedName: z.string(),
  invitedBy: z.string(),
  expiresAt: instantSchema,
  project: z
    .object({
      title: z.string(),
      brief: z.string(),
      category: categorySchema,
      hourBudgetMinutes: z.int(),
      pay: paySchema,
      startsOn: dateSchema,
      endsOn: dateSchema,
      timeZone: z.string(),
    })
    .nullable(),
  /** Everything that is offered; null for a manager, from an older server, and in older invitations. */
  agreement: agreementSchema.nullable().default(null),
});
export type InvitationDetails = z.infer<typeof invitationDetailsSchema>;

export const acceptInvitationRequestSchema = z.object({
  code: invitationCodeSchema,
  membershipId: idSchema,
  /** The hash of the terms that the person read and confirms; null where none were shown whole. */
  agreementHash: sha256Schema.nullable().default(null),
});

/** The membership that was made, or the one the person had already. */
export const membershipResponseSchema = z.object({ membership: membershipSummarySchema });
export type MembershipResponse = z.infer<typeof membershipResponseSchema>;

/** One of the devices on which an account is signed in. */
export const deviceItemSchema = z.object({
  deviceId: idSchema,
  deviceName: z.string(),
  signedInAt: instantSchema,
  /** In UTC, to the day: when it was used is nobody's business to the minute. */
  lastUsedOn: dateSchema,
  /** When the session ends by itself unless it is used before. */
  expiresAt: instantSchema,
  /** The one that asks. */
  isThisDevice: z.boolean(),
});
export type DeviceItem = z.infer<typeof deviceItemSchema>;

export const devicesResponseSchema = z.object({ devices: z.array(deviceItemSchema) });

/** Which of these contents the server still needs from this person. At most 1,000 at a time. */
export const missingFilesRequestSchema = z.object({
  files: z.array(z.object({ sha256: z.string(), sizeBytes: z.int() })).max(1000),
});
export const missingFilesResponseSchema = z.object({ missing: z.array(z.string()) });

/** The contents for which the server asks this person's devices. At most 1,000 at a time. */
export const wantedFilesResponseSchema = z.object({
  wanted: z.array(z.object({ sha256: z.string(), sizeBytes: z.int() })),
});

import { z } from 'zod';
import {
  emailSchema,
  idSchema,
  lineSchema,
  nameSchema,
  passwordSchema,
  sha256Schema,
  timeZoneSchema,
} from '../domain/fields.ts';
import {
  changePasswordRequestSchema,
  deviceItemSchema,
  invitationDetailsSchema,
  serverInfoSchema,
} from '../protocol/accounts.ts';
import { defineRequest } from './request.ts';
import { seatIdSchema, seatSchema } from './shapes.ts';

const nothing = z.object({});
const serverUrlSchema = z.string().trim().min(1, "expected the server's address").max(500);

/** A person joins or sets up with an account that is new on that server, or one they have there. */
export const accountChoiceSchema = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('new'),
    email: emailSchema,
    password: passwordSchema,
    name: nameSchema,
    timeZone: timeZoneSchema,
  }),
  z.object({ kind: z.literal('existing'), email: emailSchema, password: z.string() }),
]);
export type AccountChoice = z.infer<typeof accountChoiceSchema>;

export const themeSchema = z.enum(['system', 'light', 'dark']);

/** Slower than this a transfer looks like one that stands still. */
const rateLimitSchema = z.int().min(16_384, 'expected at least 16 KiB a second').nullable();

export const settingsSchema = z.object({
  theme: themeSchema,
  deviceName: lineSchema,
  /** How fast files may go up and come down, all together; null for as fast as it goes. */
  uploadBytesPerSecond: rateLimitSchema,
  downloadBytesPerSecond: rateLimitSchema,
  /** `auto`: where the system says that the connection is metered; `always`: on every one, until a person resumes. */
  pauseOnMetered: z.enum(['auto', 'never', 'always']),
  /** Whether the files of tasks that are due come by themselves, to be there without a connection. */
  keepsDueOffline: z.boolean(),
});
export type Settings = z.infer<typeof settingsSchema>;

export const setupRequests = {
  'app.state': defineRequest(
    'What this installation is and whom it works for',
    nothing,
    z.object({
      version: z.string(),
      host: z.enum(['electron', 'loopback', 'command_line']),
      timeZone: z.string(),
      settings: settingsSchema,
      seats: z.array(seatSchema),
      isSampleRunning: z.boolean(),
      update: z.object({
        state: z.enum(['off', 'none', 'checking', 'available', 'downloading', 'ready', 'failed']),
        version: z.string().nullable(),
        message: z.string().nullable(),
      }),
    }),
  ),
  'app.openExternal': defineRequest(
    'Opens an https or mailto address outside the program',
    z.object({ url: z.string().max(2000) }),
    nothing,
  ),
  'app.installUpdate': defineRequest(
    'Restarts into a downloaded update; refused while a timer or an upload runs',
    nothing,
    nothing,
  ),
  'settings.update': defineRequest(
    'Changes settings of this device',
    settingsSchema.extend({ deviceName: nameSchema }).partial(),
    settingsSchema,
  ),
  'sample.start': defineRequest(
    'Starts the sample organization on this machine, with a seat for the employer and one for the intern',
    nothing,
    z.object({ employerSeatId: seatIdSchema, internSeatId: seatIdSchema }),
  ),
  'setup.checkServer': defineRequest(
    'Asks an address whether a Stint server answers there',
    z.object({ serverUrl: serverUrlSchema }),
    z.object({ serverUrl: z.string(), info: serverInfoSchema }),
  ),
  'setup.createOrganization': defineRequest(
    'Sets up an organization on a server, as its owner',
    z.object({
      serverUrl: serverUrlSchema,
      account: accountChoiceSchema,
      organizationName: nameSchema,
      timeZone: timeZoneSchema,
    }),
    z.object({ seatId: seatIdSchema }),
  ),
  'setup.inspectInvitation': defineRequest(
    'What an invitation link offers',
    z.object({ link: z.string().trim().max(2000) }),
    z.object({
      serverUrl: z.string(),
      invitation: invitationDetailsSchema,
      /** What to hand back on accepting: the hash of the terms as they are shown. */
      agreementHash: sha256Schema.nullable(),
    }),
  ),
  'setup.acceptInvitation': defineRequest(
    'Joins an organization with an invitation link',
    z.object({
      link: z.string().trim().max(2000),
      account: accountChoiceSchema,
      agreementHash: sha256Schema.nullable().default(null),
    }),
    z.object({ seatId: seatIdSchema }),
  ),
  'session.signIn': defineRequest(
    'Signs in to a server; the seats of that account appear, or come back to life',
    z.object({ serverUrl: serverUrlSchema, email: emailSchema, password: z.string() }),
    z.object({ seatIds: z.array(seatIdSchema) }),
  ),
  'session.devices': defineRequest(
    "Where a seat's account is signed in, the device used last first; asks the server",
    z.object({ seatId: seatIdSchema }),
    z.array(deviceItemSchema),
  ),
  'session.signOutDevice': defineRequest(
    "Ends the session of another device of a seat's account; the work on that device stays there",
    z.object({ seatId: seatIdSchema, deviceId: idSchema }),
    nothing,
  ),
  'session.changePassword': defineRequest(
    "Changes the password of a seat's account on its server; its other devices are signed out and keep what they have not sent",
    z.object({ seatId: seatIdSchema, ...changePasswordRequestSchema.shape }),
    nothing,
  ),
  'session.closeAccount': defineRequest(
    "Closes a seat's account on its server for good: leaves its organizations, signs all its devices out; what was not sent is kept here",
    z.object({
      seatId: seatIdSchema,
      password: z.string().max(1000),
      asksErasure: z.boolean().default(false),
    }),
    nothing,
  ),
  'session.signOut': defineRequest(
    "Ends this device's session for a seat's account; the work stays on this computer",
    z.object({ seatId: seatIdSchema }),
    nothing,
  ),
} as const;

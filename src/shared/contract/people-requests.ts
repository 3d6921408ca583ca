import { z } from 'zod';
import { idSchema } from '../domain/fields.ts';
import { defineRequest } from './request.ts';
import { seatIdSchema } from './shapes.ts';

const nothing = z.object({});
const memberKey = { seatId: seatIdSchema, membershipId: idSchema };

/** What becomes of people and of what is known about them. Inviting and ending access stand with the desk's requests. */
export const peopleRequests = {
  'people.setRole': defineRequest(
    'Makes a manager an owner, or an owner a manager',
    z.object({ ...memberKey, role: z.enum(['owner', 'manager']) }),
    nothing,
  ),
  'people.leave': defineRequest(
    'Leaves the organization; own unsent work and drafts stay on this computer',
    z.object({ seatId: seatIdSchema, asksErasure: z.boolean().default(false) }),
    nothing,
  ),
  'people.erase': defineRequest(
    "Erases a person's data on their request, once their access has ended",
    z.object(memberKey),
    nothing,
  ),
  'people.eraseInvitation': defineRequest(
    'Erases name and address of somebody who was invited and never came; an invitation that is open is withdrawn by it',
    z.object({ seatId: seatIdSchema, invitationId: idSchema }),
    nothing,
  ),
  'people.exportOwnData': defineRequest(
    'Writes all that this computer holds about the person of a seat, with the files they gave, into the exports folder',
    z.object({ seatId: seatIdSchema }),
    z.object({
      fileName: z.string(),
      path: z.string(),
      sizeBytes: z.int(),
      rows: z.int(),
      /** Files that are on the server and not on this computer; fetch them first to have them in it. */
      missing: z.array(z.string()),
    }),
  ),
} as const;

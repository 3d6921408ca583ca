import { z } from 'zod';
import { idSchema } from '../domain/fields.ts';
import { defineRequest } from './request.ts';
import { seatIdSchema } from './shapes.ts';

const nothing = z.object({});
const fileKey = { seatId: seatIdSchema, attachmentId: idSchema } as const;

/** Files on their way out of the workspace, where the host has a desktop to put them on. */
export const fileWayRequests = {
  'files.ways': defineRequest(
    'Which ways out this host has for a file, beside saving it',
    nothing,
    z.object({ canOpen: z.boolean(), canShow: z.boolean(), canDrag: z.boolean() }),
  ),
  'files.open': defineRequest(
    "Opens a copy with the system's application; refused for programs, and for documents that can run something unless the person was warned",
    z.object({ ...fileKey, isWarned: z.boolean() }),
    nothing,
  ),
  'files.show': defineRequest('Shows a copy in its folder', z.object(fileKey), nothing),
  'files.drag': defineRequest(
    'Begins to drag a copy out of the window, while the mouse is down',
    z.object(fileKey),
    nothing,
  ),
} as const;

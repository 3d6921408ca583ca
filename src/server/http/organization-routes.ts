import {
  acceptInvitationRequestSchema,
  createOrganizationRequestSchema,
  invitationDetailsSchema,
  invitationRequestSchema,
  membershipResponseSchema,
} from '../../shared/protocol/accounts.ts';
import { endpoints } from '../../shared/protocol/endpoints.ts';
import { getAccount } from '../accounts/accounts.ts';
import { acceptInvitationByCode, inspectInvitation } from '../accounts/invitations.ts';
import { createOrganizationFor } from '../accounts/organizations.ts';
import type { ServerContext } from '../server-context.ts';
import { getPrincipal, strangerBodyBytes } from './authentication.ts';
import type { HttpApp } from './http-app.ts';
import { canonicalIdSchema } from './organization-parameters.ts';

export function registerInvitationRoutes(app: HttpApp, context: ServerContext): void {
  app.post(
    endpoints.inspectInvitation,
    {
      bodyLimit: strangerBodyBytes,
      schema: { body: invitationRequestSchema, response: { 200: invitationDetailsSchema } },
    },
    async (request) => {
      context.limits.perAddress.take(request.ip);
      return await inspectInvitation(context.database, context.ports, request.body.code);
    },
  );
}

export function registerOrganizationRoutes(app: HttpApp, context: ServerContext): void {
  app.post(
    endpoints.organizations,
    {
      schema: {
        body: createOrganizationRequestSchema.extend({
          orgId: canonicalIdSchema,
          membershipId: canonicalIdSchema,
        }),
        response: { 200: membershipResponseSchema },
      },
    },
    async (request) => {
      const { accountId } = getPrincipal(request);
      context.limits.perAccount.take(`organizations ${accountId}`);
      const account = await getAccount(context.database.db, accountId);
      return { membership: await createOrganizationFor(context, account, request.body) };
    },
  );

  app.post(
    endpoints.acceptInvitation,
    {
      schema: {
        body: acceptInvitationRequestSchema.extend({ membershipId: canonicalIdSchema }),
        response: { 200: membershipResponseSchema },
      },
    },
    async (request) => {
      context.limits.perAddress.take(request.ip);
      const account = await getAccount(context.database.db, getPrincipal(request).accountId);
      return { membership: await acceptInvitationByCode(context, account, request.body) };
    },
  );
}

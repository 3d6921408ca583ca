import { z } from 'zod';
import { idSchema } from '../../shared/domain/fields.ts';
import {
  accountSummarySchema,
  changePasswordRequestSchema,
  closeAccountRequestSchema,
  devicesResponseSchema,
  registerRequestSchema,
  sessionResponseSchema,
  signInRequestSchema,
} from '../../shared/protocol/accounts.ts';
import { endpoints } from '../../shared/protocol/endpoints.ts';
import { getAccountSummary, registerAccount, signIn } from '../accounts/accounts.ts';
import { changePassword } from '../accounts/change-password.ts';
import { closeAccount } from '../accounts/close-account.ts';
import { listDevices, revokeDevice, revokeSession } from '../accounts/sessions.ts';
import type { ServerContext } from '../server-context.ts';
import { computeSessionTime, getPrincipal, strangerBodyBytes } from './authentication.ts';
import type { HttpApp } from './http-app.ts';

export function registerSignInRoutes(app: HttpApp, context: ServerContext): void {
  app.post(
    endpoints.register,
    {
      bodyLimit: strangerBodyBytes,
      schema: { body: registerRequestSchema, response: { 200: sessionResponseSchema } },
    },
    async (request) => {
      context.limits.perAddress.take(request.ip);
      context.limits.perEmail.take(request.body.email);
      return await registerAccount(context, request.body);
    },
  );

  app.post(
    endpoints.session,
    {
      bodyLimit: strangerBodyBytes,
      schema: { body: signInRequestSchema, response: { 200: sessionResponseSchema } },
    },
    async (request) => {
      context.limits.perAddress.take(request.ip);
      context.limits.perEmail.take(request.body.email);
      return await signIn(context, request.body);
    },
  );
}

export function registerAccountRoutes(app: HttpApp, context: ServerContext): void {
  app.get(endpoints.account, { schema: { response: { 200: accountSummarySchema } } }, (request) =>
    getAccountSummary(context.database.db, getPrincipal(request).accountId),
  );

  app.post(
    endpoints.closeAccount,
    { schema: { body: closeAccountRequestSchema, response: { 200: z.object({}) } } },
    async (request) => {
      const { accountId } = getPrincipal(request);
      // A password is tried here, as at a sign-in.
      context.limits.perAddress.take(request.ip);
      context.limits.perEmail.take(accountId);
      await closeAccount(context, accountId, request.body);
      return {};
    },
  );

  app.post(
    endpoints.changePassword,
    { schema: { body: changePasswordRequestSchema, response: { 200: z.object({}) } } },
    async (request) => {
      const principal = getPrincipal(request);
      // A password is tried here, as at a sign-in.
      context.limits.perAddress.take(request.ip);
      context.limits.perEmail.take(principal.accountId);
      await changePassword(context, principal, request.body);
      return {};
    },
  );

  app.delete(endpoints.session, async (request, reply) => {
    const { sessionId } = getPrincipal(request);
    await revokeSession(context.database.db, context.ports, sessionId);
    context.pokes.closeSession(sessionId);
    return reply.code(204).send();
  });

  app.get(
    endpoints.devices,
    { schema: { response: { 200: devicesResponseSchema } } },
    async (request) => ({
      devices: await listDevices(
        context.database.db,
        getPrincipal(request),
        computeSessionTime(context),
      ),
    }),
  );

  app.delete(
    endpoints.device(':deviceId'),
    { schema: { params: z.object({ deviceId: idSchema }) } },
    async (request, reply) => {
      const { accountId } = getPrincipal(request);
      const { deviceId } = request.params;
      const ended = await revokeDevice(context.database.db, context.ports, accountId, deviceId);
      for (const sessionId of ended) context.pokes.closeSession(sessionId);
      return reply.code(204).send();
    },
  );
}

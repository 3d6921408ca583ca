import { z } from 'zod';
import { idSchema } from '../../shared/domain/fields.ts';
import { StintError } from '../../shared/errors.ts';
import { endpoints } from '../../shared/protocol/endpoints.ts';
import { pullRequestSchema, pullResponseSchema } from '../../shared/protocol/pull.ts';
import { pushResponseSchema } from '../../shared/protocol/push.ts';
import { maximumPushBytes, maximumPushMutations } from '../../shared/protocol/version.ts';
import type { ServerContext } from '../server-context.ts';
import { handlePull } from '../sync/pull.ts';
import { handlePush } from '../sync/push.ts';
import { getPrincipal } from './authentication.ts';
import type { HttpApp } from './http-app.ts';
import { organizationParametersSchema } from './organization-parameters.ts';

/**
 * One mutation alone may be larger than a batch: a submission with two thousand long file names is, and
 * it must still arrive (SY-8).
 */
const maximumSingleMutationBytes = 16 * maximumPushBytes;

/** Only the ids are looked at here, so that one malformed mutation is refused alone (SY-7). */
const incomingPushSchema = z.object({
  mutations: z
    .array(z.looseObject({ id: idSchema }))
    .min(1, 'expected at least one mutation')
    .max(maximumPushMutations, `expected at most ${maximumPushMutations} mutations`),
});

export function registerSyncRoutes(app: HttpApp, context: ServerContext): void {
  app.post(
    endpoints.push(':orgId'),
    {
      bodyLimit: maximumSingleMutationBytes,
      schema: {
        params: organizationParametersSchema,
        body: incomingPushSchema,
        response: { 200: pushResponseSchema },
      },
    },
    async (request) => {
      const { mutations } = request.body;
      if (mutations.length > 1 && Number(request.headers['content-length']) > maximumPushBytes)
        throw new StintError(
          'too_large',
          `a push of several mutations may hold ${maximumPushBytes} bytes; send fewer at a time`,
        );
      return await handlePush(context, getPrincipal(request), request.params.orgId, mutations);
    },
  );

  app.post(
    endpoints.pull(':orgId'),
    {
      schema: {
        params: organizationParametersSchema,
        body: pullRequestSchema,
        response: { 200: pullResponseSchema },
      },
    },
    (request) =>
      handlePull(
        context.database,
        getPrincipal(request).accountId,
        request.params.orgId,
        request.body,
      ),
  );
}

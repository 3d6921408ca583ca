import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { idSchema } from '../../shared/domain/fields.ts';
import type { TimeAnchor } from '../../shared/domain/time-anchor.ts';
import { StintError } from '../../shared/errors.ts';
import { endpoints } from '../../shared/protocol/endpoints.ts';
import {
  checksumsRequestSchema,
  checksumsResponseSchema,
  pullRequestSchema,
} from '../../shared/protocol/pull.ts';
import { historyPageSchema, historyRequestSchema } from '../../shared/protocol/history.ts';
import { headSchema, type PushResponse } from '../../shared/protocol/push.ts';
import { rekeyRequestSchema, rekeyResponseSchema } from '../../shared/protocol/rekey.ts';
import { maximumPushBytes, maximumPushMutations } from '../../shared/protocol/version.ts';
import type { Principal } from '../accounts/sessions.ts';
import { rekeySession } from '../accounts/rekey-session.ts';
import type { ServerContext } from '../server-context.ts';
import { createChecksumReader } from '../sync/checksums.ts';
import { encodePage } from '../sync/encode-page.ts';
import { readHistory } from '../sync/history.ts';
import { handlePull } from '../sync/pull.ts';
import { handlePush } from '../sync/push.ts';
import { signTimeAnchor } from '../sync/time-anchors.ts';
import { mayPull } from './assert-protocol.ts';
import { getPrincipal } from './authentication.ts';
import type { BodyRoom } from './body-room.ts';
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
  head: headSchema.nullable().default(null),
});

/**
 * Answers of pushes and pulls are not validated on their way out, as other answers are: they are this server's own,
 * and may hold thousands of rows.
 */
export function registerSyncRoutes(app: HttpApp, context: ServerContext, room: BodyRoom): void {
  app.post(
    endpoints.push(':orgId'),
    {
      bodyLimit: maximumSingleMutationBytes,
      schema: {
        params: organizationParametersSchema,
        body: incomingPushSchema,
      },
    },
    async (request) => {
      const { mutations } = request.body;
      if (mutations.length > 1 && computeBodyBytes(request) > maximumPushBytes)
        throw new StintError(
          'too_large',
          `a push of several mutations may hold ${maximumPushBytes} bytes; send fewer at a time`,
        );
      const { orgId } = request.params;
      const principal = getPrincipal(request);
      const head = mayPull(request) ? request.body.head : null;
      const answer = await handlePush(context, principal, orgId, { mutations, head });
      for (const { status, repeated } of answer.results)
        context.metrics?.counted.countMutation(repeated ? 'repeated' : status);
      const anchor = signAnchor(context, principal, orgId, 0);
      return { ...answer, anchor } satisfies PushResponse;
    },
  );

  app.post(
    endpoints.pull(':orgId'),
    {
      schema: {
        params: organizationParametersSchema,
        body: pullRequestSchema,
      },
    },
    async (request, reply) => {
      const { orgId } = request.params;
      const principal = getPrincipal(request);
      const page = await handlePull(context.database, principal.accountId, orgId, request.body);
      context.metrics?.counted.countPulledRows(page.rows.length);
      const reachedSeq = page.complete ? page.head.seq : 0;
      const anchor = signAnchor(context, principal, orgId, reachedSeq);
      const answer = encodePage({ ...page, anchor });
      room.take(request, reply, answer.byteLength);
      return reply.type('application/json; charset=utf-8').send(answer);
    },
  );

  const checksums = createChecksumReader(context);
  app.post(
    endpoints.checksums(':orgId'),
    {
      schema: {
        params: organizationParametersSchema,
        body: checksumsRequestSchema,
        response: { 200: checksumsResponseSchema },
      },
    },
    (request) =>
      checksums.compute(getPrincipal(request).accountId, request.params.orgId, request.body.scopes),
  );

  app.get(
    endpoints.history(':orgId'),
    {
      schema: {
        params: organizationParametersSchema,
        querystring: historyRequestSchema,
        response: { 200: historyPageSchema },
      },
    },
    (request) =>
      readHistory(
        context.database,
        getPrincipal(request).accountId,
        request.params.orgId,
        request.query,
      ),
  );

  app.post(
    endpoints.rekey,
    { schema: { body: rekeyRequestSchema, response: { 200: rekeyResponseSchema } } },
    async (request) => {
      const principal = getPrincipal(request);
      context.limits.perAccount.take(principal.accountId);
      return await rekeySession(context, principal, request.body.deviceId);
    },
  );
}

/** What came in chunks states no length; then about as much as it would be written anew. */
function computeBodyBytes({ headers, body }: FastifyRequest): number {
  const stated = headers['content-length'];
  return stated === undefined ? Buffer.byteLength(JSON.stringify(body)) : Number(stated);
}

/** SY-17: read as late as can be, so that what the answer holds is no newer than the anchor says. */
function signAnchor(
  { signer, ports }: ServerContext,
  { deviceId }: Principal,
  orgId: string,
  reachedSeq: number,
): TimeAnchor {
  return signTimeAnchor(signer, { orgId, deviceId }, ports.clock.nowMs(), reachedSeq);
}

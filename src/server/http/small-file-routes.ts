import {
  fetchSmallFilesRequestSchema,
  smallFileLimits,
  smallFilesResponseSchema,
} from '../../shared/protocol/small-files.ts';
import { StintError } from '../../shared/errors.ts';
import { endpoints } from '../../shared/protocol/endpoints.ts';
import { answerSmallFiles } from '../files/small-file-answer.ts';
import { parseSmallFileBatch } from '../files/small-file-batch.ts';
import { getUploader } from '../files/upload-right.ts';
import type { ServerContext } from '../server-context.ts';
import { getPrincipal } from './authentication.ts';
import type { BodyRoom } from './body-room.ts';
import type { HttpApp } from './http-app.ts';
import { organizationParametersSchema } from './organization-parameters.ts';

/** Many small files in one request, where one request for each would take most of the time. */
export function registerSmallFileRoutes(
  app: HttpApp,
  context: ServerContext,
  room: BodyRoom,
): void {
  app.addContentTypeParser(
    'application/octet-stream',
    { parseAs: 'buffer', bodyLimit: smallFileLimits.bodyBytes },
    (_request, body, done) => done(null, body),
  );

  app.post(
    endpoints.smallFiles(':orgId'),
    {
      bodyLimit: smallFileLimits.bodyBytes,
      schema: { params: organizationParametersSchema, response: { 200: smallFilesResponseSchema } },
    },
    async (request) => {
      const { orgId } = request.params;
      const { accountId } = getPrincipal(request);
      await getUploader(context.database.db, orgId, accountId);
      const body = request.body as unknown;
      if (!Buffer.isBuffer(body))
        throw new StintError('invalid_input', 'expected a body of application/octet-stream', {
          field: 'body',
        });
      return {
        arrived: await context.smallFiles.take(orgId, accountId, parseSmallFileBatch(body)),
      };
    },
  );

  app.post(
    endpoints.fetchSmallFiles(':orgId'),
    { schema: { params: organizationParametersSchema, body: fetchSmallFilesRequestSchema } },
    async (request, reply) => {
      const { accountId } = getPrincipal(request);
      const { hashes } = request.body;
      const body = await answerSmallFiles(context, accountId, request.params.orgId, hashes);
      room.take(request, reply, body.byteLength);
      return await reply
        .header('content-type', 'application/octet-stream')
        .header('cache-control', 'private, no-store')
        .send(Buffer.from(body.buffer, body.byteOffset, body.byteLength));
    },
  );
}

import { Readable } from 'node:stream';
import type { ReadableStream } from 'node:stream/web';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { StintError } from '../../shared/errors.ts';
import { endpoints } from '../../shared/protocol/endpoints.ts';
import type { ServerContext } from '../server-context.ts';
import { getUploader } from '../files/upload-right.ts';
import { getPrincipal } from './authentication.ts';
import type { HttpApp } from './http-app.ts';
import { guardTransfer } from './live-access.ts';
import { organizationParametersSchema } from './organization-parameters.ts';
import { z } from 'zod';

const tusVersion = '1.0.0';
const uploadParametersSchema = organizationParametersSchema.extend({ uploadId: z.string() });

/** SY-22: tus 1.0.0, confined to the person and the organization that began the upload. */
export function registerUploadRoutes(app: HttpApp, context: ServerContext): void {
  // The body goes to the disk as it comes, unread by the framework.
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', (_request, _payload, done) => done(null));

  app.route({
    method: 'POST',
    url: endpoints.uploads(':orgId'),
    schema: { params: organizationParametersSchema },
    handler: async (request, reply) => {
      const { orgId } = request.params;
      await assertUploader(context, request, orgId);
      return await passToTus(context, request, reply, orgId);
    },
  });

  app.route({
    method: ['HEAD', 'PATCH', 'DELETE'],
    url: `${endpoints.uploads(':orgId')}/:uploadId`,
    schema: { params: uploadParametersSchema },
    handler: async (request, reply) => {
      const { orgId, uploadId } = request.params;
      await assertUploader(context, request, orgId);
      const { accountId } = getPrincipal(request);
      let upload = await context.uploads.find(orgId, accountId, uploadId);
      if (upload !== undefined && request.method === 'HEAD') {
        // Whole, but its end was not reached, or not heard of: then this is its end.
        await context.uploads.completeIfWhole(upload);
        upload = await context.uploads.find(orgId, accountId, uploadId);
      }
      if (upload === undefined)
        throw new StintError('not_found', 'there is no such upload of this account');
      await getUploader(context.database.db, orgId, accountId, upload);
      if (upload.finishedAt !== null && request.method === 'HEAD')
        return await reply
          .code(200)
          .header('tus-resumable', tusVersion)
          .header('upload-offset', upload.sizeBytes)
          .header('upload-length', upload.sizeBytes)
          .send();
      if (request.method === 'PATCH' && upload.finishedAt === null)
        await context.uploads.assertMedia(upload);
      const answer = await passToTus(context, request, reply, orgId);
      if (request.method === 'DELETE') await context.uploads.remove(uploadId);
      return answer;
    },
  });
}

async function assertUploader(
  context: ServerContext,
  request: FastifyRequest,
  orgId: string,
): Promise<void> {
  await getUploader(context.database.db, orgId, getPrincipal(request).accountId);
  if (request.headers['tus-resumable'] !== tusVersion)
    throw new StintError('invalid_input', `expected the header tus-resumable: ${tusVersion}`, {
      field: 'tus-resumable',
    });
}

async function passToTus(
  context: ServerContext,
  request: FastifyRequest,
  reply: FastifyReply,
  orgId: string,
): Promise<FastifyReply> {
  const { accountId } = getPrincipal(request);
  guardTransfer(context, request, reply, async () => {
    await getUploader(context.database.db, orgId, accountId);
    return true;
  });
  const response = await context.tus.handle(request.raw, { orgId, accountId });
  void reply.code(response.status);
  for (const [name, value] of response.headers)
    if (!name.startsWith('access-control-') && name !== 'content-length')
      void reply.header(name, value);
  const body = response.body as ReadableStream | null;
  return await reply.send(
    body === null || response.status === 204 ? undefined : Readable.fromWeb(body),
  );
}

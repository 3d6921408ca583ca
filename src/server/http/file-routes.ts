import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { sha256Schema } from '../../shared/domain/fields.ts';
import { StintError } from '../../shared/errors.ts';
import {
  missingFilesRequestSchema,
  missingFilesResponseSchema,
  wantedFilesResponseSchema,
} from '../../shared/protocol/accounts.ts';
import { endpoints } from '../../shared/protocol/endpoints.ts';
import { computeByteSpan } from '../files/byte-range.ts';
import { isContentLost } from '../files/blob-hash.ts';
import { ChangedContentError, guardContent } from '../files/guard-content.ts';
import { listMissingFiles, listWantedFiles, mayReadFile } from '../files/file-access.ts';
import type { ServerContext } from '../server-context.ts';
import { sha256Hex } from '../sha256-hex.ts';
import { getPrincipal } from './authentication.ts';
import type { HttpApp } from './http-app.ts';
import { guardTransfer } from './live-access.ts';
import { organizationParametersSchema } from './organization-parameters.ts';
import { sendContent } from './send-content.ts';

const fileParametersSchema = organizationParametersSchema.extend({ sha256: z.string() });

export function registerFileRoutes(app: HttpApp, context: ServerContext): void {
  app.post(
    endpoints.missingFiles(':orgId'),
    {
      schema: {
        params: organizationParametersSchema,
        body: missingFilesRequestSchema,
        response: { 200: missingFilesResponseSchema },
      },
    },
    async (request) => ({
      missing: await listMissingFiles(
        context.database,
        getPrincipal(request).accountId,
        request.params.orgId,
        request.body.files,
      ),
    }),
  );

  app.get(
    endpoints.wantedFiles(':orgId'),
    {
      schema: {
        params: organizationParametersSchema,
        response: { 200: wantedFilesResponseSchema },
      },
    },
    async (request) => ({
      wanted: await listWantedFiles(
        context.database,
        getPrincipal(request).accountId,
        request.params.orgId,
      ),
    }),
  );

  app.route({
    method: ['GET', 'HEAD'],
    url: endpoints.file(':orgId', ':sha256'),
    schema: { params: fileParametersSchema },
    handler: (request, reply) => sendFile(context, request, reply, request.params),
  });
}

const contentHeaders = [
  'etag',
  'content-type',
  'content-disposition',
  'content-length',
  'content-range',
];

/** A content, whole or by range (RFC 9110, sections 13 and 14). */
async function sendFile(
  context: ServerContext,
  request: FastifyRequest,
  reply: FastifyReply,
  { orgId, sha256 }: { readonly orgId: string; readonly sha256: string },
): Promise<FastifyReply> {
  const { accountId } = getPrincipal(request);
  const mayRead =
    sha256Schema.safeParse(sha256).success &&
    (await mayReadFile(context.database, accountId, orgId, sha256));
  // The same for what does not exist and for what this person may not see.
  if (!mayRead)
    throw new StintError('not_found', 'there is no file with this hash that this account may read');
  const sizeBytes = await context.blobs.findSizeBytes(orgId, sha256);
  if (sizeBytes === undefined) {
    await context.scrubber.examine(orgId, sha256);
    throw createFileMissing();
  }

  const etag = `"${sha256}"`;
  void reply
    .header('etag', etag)
    .header('accept-ranges', 'bytes')
    .header('content-type', 'application/octet-stream')
    .header('content-disposition', 'attachment')
    .header('cache-control', 'private, no-cache');
  if (request.headers['if-none-match']?.split(',').some((tag) => tag.trim() === etag) === true)
    return await reply.code(304).send();

  const { 'if-range': condition, range } = request.headers;
  const span =
    condition === undefined || condition === etag ? computeByteSpan(range, sizeBytes) : undefined;
  if (span === 'unsatisfiable') {
    void reply.removeHeader('content-disposition').header('content-range', `bytes */${sizeBytes}`);
    throw new UnsatisfiableRange(sizeBytes);
  }
  if (span === undefined) void reply.header('content-length', sizeBytes);
  else
    void reply
      .code(206)
      .header('content-range', `bytes ${span.first}-${span.last}/${sizeBytes}`)
      .header('content-length', span.last - span.first + 1);
  // One that should hold something, and is empty, was cut short by the disk.
  const isEmpty = sizeBytes === 0 && sha256 === emptySha256;
  if (request.method === 'HEAD' || isEmpty) return await reply.send();
  guardTransfer(context, request, reply, () =>
    mayReadFile(context.database, accountId, orgId, sha256),
  );
  const examine = (): Promise<boolean> => context.scrubber.examine(orgId, sha256);
  const content = context.blobs.read(orgId, sha256, span);
  content.once('error', (error) => {
    // Whatever it finds is said where such things are: this transfer is over.
    if (isContentLost(error)) void examine().catch(() => undefined);
  });
  const isWhole = span === undefined || span.last - span.first + 1 === sizeBytes;
  try {
    await sendContent(reply, isWhole ? guardContent(content, sha256, examine) : content);
  } catch (error) {
    // The answer is about the failure, and no file.
    for (const name of contentHeaders) void reply.removeHeader(name);
    const isDamaged = error instanceof ChangedContentError || isContentLost(error);
    if (isDamaged && !(await examine())) throw createFileMissing();
    throw error;
  }
  return reply;
}

const emptySha256 = sha256Hex('');

const createFileMissing = (): StintError =>
  new StintError(
    'file_missing',
    'the server has lost this file, or found it damaged; it comes back by itself from a device that has it',
  );

class UnsatisfiableRange extends StintError {
  readonly status = 416;

  constructor(sizeBytes: number) {
    super('invalid_input', `the range lies outside of the file, which has ${sizeBytes} bytes`, {
      field: 'range',
    });
  }
}

import { DetailedError } from 'tus-js-client';
import { StintError } from '../../../shared/errors.ts';
import { wireErrorSchema } from '../../../shared/protocol/error-body.ts';
import { describeNetworkFailure } from '../sync/server-client.ts';

export const damagedHere =
  "the file was damaged on this computer's disk and cannot be sent; attach the same file once more, or bring it back from a backup";

/** It had arrived, and was removed here to make room; the server that took it has lost it since (SY-15). */
export const missingHere =
  'neither the server nor this computer has this file any more; attach the same file once more, and it is sent';

/** Only the person can mend these, by bringing the file again; all others are tried again by themselves. */
export const fileNeeded: readonly string[] = [damagedHere, missingHere];

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** What went wrong with an upload, in words for the person whose file it is. */
export function describeUploadFailure(error: unknown, serverUrl: string): StintError {
  if (error instanceof StintError) return error;
  if (error instanceof DetailedError && error.originalResponse !== null) {
    const status = error.originalResponse.getStatus();
    const body = error.originalResponse.getBody();
    const told = wireErrorSchema.safeParse(parseJson(body)).data?.error;
    if (told?.code === 'hash_mismatch')
      return new StintError('hash_mismatch', 'the server received other bytes; it is sent again');
    if (status === 401) return new StintError('not_signed_in', 'sign in again to go on uploading');
    if (told?.code === 'quota_exceeded')
      return new StintError(
        'quota_exceeded',
        `the organization's room for files on the server is used up (${told.message}); what you handed in is recorded, and the file goes up by itself once there is room: ask the organization's owner`,
      );
    if (told?.code === 'media_refused' || told?.code === 'too_large')
      return new StintError(told.code, `the server does not take this file: ${told.message}`);
    if (status === 413)
      return new StintError('too_large', 'the server does not take a file of this size');
    if (status === 507)
      return new StintError(
        'disk_full',
        "the server's disk is full; the file is safe here, and goes up by itself once there is room",
      );
    if (status === 503)
      return new StintError(
        'unavailable',
        told?.message ?? 'the server cannot take files at the moment; it is tried again',
      );
    return new StintError('server_error', `the server refused the upload (status ${status})`);
  }
  return describeNetworkFailure(error, serverUrl);
}

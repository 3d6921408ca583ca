import type { StagedFile } from '../../shared/contract/shapes.ts';
import type { RequestInput, RequestName, RequestOutput } from '../../shared/contract/contract.ts';
import type { Carrier } from './carrier.ts';
import { createHttpCarrier, takeLaunchToken } from './http-carrier.ts';
import { createIpcCarrier } from './ipc-carrier.ts';
import { sendFile, type UploadOptions } from './send-file.ts';

/** The host that this page came from. One page has one host for as long as it lives. */
export const carrier: Carrier =
  window.stint === undefined
    ? createHttpCarrier(takeLaunchToken())
    : createIpcCarrier(window.stint);

/** Rejects with `RequestError`. Components use `useRequest` and `useAction` instead. */
export async function request<Name extends RequestName>(
  name: Name,
  input: RequestInput<Name>,
): Promise<RequestOutput<Name>> {
  // The engine checks its answers against the same contract before it sends them.
  return (await carrier.request(name, input)) as RequestOutput<Name>;
}

/**
 * Gives one file to the workspace, which copies and hashes it; the answer's `stagedId` is then attached
 * by a request. Nothing is half kept when it fails. Rejects with `RequestError`; code `cancelled` when
 * the signal was aborted.
 */
export function uploadFile(file: File, options: UploadOptions = {}): Promise<StagedFile> {
  return sendFile(file, carrier, options);
}

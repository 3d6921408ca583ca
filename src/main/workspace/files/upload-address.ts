import { endpoints } from '../../../shared/protocol/endpoints.ts';

/** The path of an upload below whatever server has it now. */
export function computeUploadPath(orgId: string, url: string): string {
  const endpoint = `https://stint.invalid${endpoints.uploads(orgId)}`;
  return new URL(computeUploadUrl(endpoint, url)).pathname;
}

/**
 * An upload's address as this server has it now: of what the server said, its last part alone. The server
 * may have moved to another address meanwhile, and none may send a file, and a session, anywhere else.
 */
export function computeUploadUrl(endpoint: string, url: string): string {
  const { pathname } = new URL(url, endpoint);
  return `${endpoint}/${pathname.slice(pathname.lastIndexOf('/') + 1)}`;
}

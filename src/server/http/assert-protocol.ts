import type { FastifyRequest } from 'fastify';
import { StintError } from '../../shared/errors.ts';
import { endpoints } from '../../shared/protocol/endpoints.ts';
import {
  oldestProtocolVersion,
  oldestPullVersion,
  protocolHeader,
  protocolVersion,
} from '../../shared/protocol/version.ts';

/** Where an answer could not be understood rightly by a program older than `oldestPullVersion`. */
const pullRoutes: ReadonlySet<string> = new Set([
  endpoints.pull(':orgId'),
  endpoints.checksums(':orgId'),
  endpoints.pokes,
]);

/**
 * SY-20: whether this request's program may pull. One that may not could never learn what a restored server has
 * lost, and has its work taken all the same. To be asked once `assertProtocol` has let it through.
 */
export const mayPull = (request: FastifyRequest): boolean =>
  Number(request.headers[protocolHeader] ?? protocolVersion) >= oldestPullVersion;

/** Before this version, a closed account was answered like a session that was ended. */
const closedAccountsSince = 3;

export const knowsClosedAccounts = (request: FastifyRequest): boolean =>
  Number(request.headers[protocolHeader] ?? protocolVersion) >= closedAccountsSince;

/**
 * SY-20: lets every version through that this server still speaks; an older one may push and upload for ever,
 * and pulls no more. Whoever asks for the server's version is answered in any. A request without the header
 * comes from no program of ours, and is taken for one of today.
 * @throws StintError `protocol_unsupported`, naming both versions and what to update.
 */
export function assertProtocol(request: FastifyRequest): void {
  const found = request.headers[protocolHeader];
  const route = request.routeOptions.url;
  if (found === undefined || route === endpoints.server) return;
  const version = /^[1-9]\d{0,8}$/.test(String(found)) ? Number(found) : undefined;
  if (version === undefined)
    throw new StintError(
      'protocol_unsupported',
      `expected a version of the Stint protocol from ${oldestProtocolVersion} to ${protocolVersion} in the header ${protocolHeader}, and found none that can be read`,
    );
  if (version > protocolVersion)
    throw new StintError(
      'protocol_unsupported',
      `this server speaks the Stint protocol up to version ${protocolVersion}, and was asked in version ${version}; update the server`,
    );
  const oldest =
    route !== undefined && pullRoutes.has(route) ? oldestPullVersion : oldestProtocolVersion;
  if (version >= oldest) return;
  throw new StintError(
    'protocol_unsupported',
    version >= oldestProtocolVersion
      ? `this app speaks version ${version} of the Stint protocol, and this server answers this from version ${oldest} on; update the app. What was done in it is still taken, and nothing is lost`
      : `this app speaks version ${version} of the Stint protocol, and this server speaks version ${oldest} at the least; update the app`,
  );
}

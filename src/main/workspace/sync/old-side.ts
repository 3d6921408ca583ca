import { StintError } from '../../../shared/errors.ts';
import { serverInfoSchema } from '../../../shared/protocol/accounts.ts';
import { endpoints } from '../../../shared/protocol/endpoints.ts';
import { protocolVersion } from '../../../shared/protocol/version.ts';
import type { ServerClient } from './server-client.ts';

/**
 * SY-20: which side has to be updated so that the two understand each other, in plain words; undefined where the
 * server cannot be asked.
 */
export async function describeOldSide(client: ServerClient): Promise<string | undefined> {
  try {
    const { protocol } = await client.get(endpoints.server, serverInfoSchema);
    return protocol < protocolVersion
      ? `The server has to be updated: it speaks version ${protocol} of the protocol, and this Stint version ${protocolVersion}`
      : `This Stint has to be updated: it speaks version ${protocolVersion} of the protocol, and the server asks for a newer one`;
  } catch (error) {
    if (error instanceof StintError) return undefined;
    throw error;
  }
}

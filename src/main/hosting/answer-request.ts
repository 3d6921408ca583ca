import type { CarrierAnswer } from '../../shared/contract/carriers.ts';
import { type ErrorBody, StintError } from '../../shared/errors.ts';
import type { HostedEngine } from './hosted-engine.ts';
import type { HostLog } from './host-log.ts';

/**
 * What leaves the program for an error. The words of an unexpected one may hold paths or contents: they
 * go to the log alone.
 */
export function toErrorBody(error: unknown, subject: string, log: HostLog): ErrorBody {
  if (error instanceof StintError) return error.toBody();
  log.error(`${subject} failed unexpectedly`, error);
  return {
    code: 'internal',
    message: `${subject} failed because of a fault in Stint; the log has the details`,
  };
}

/** Asks the engine on behalf of a page, and answers the same over every carrier. Never rejects. */
export async function answerRequest(
  engine: HostedEngine,
  name: string,
  input: unknown,
  log: HostLog,
): Promise<CarrierAnswer> {
  try {
    return { ok: true, value: await engine.dispatch(name, input, 'renderer') };
  } catch (error) {
    return { ok: false, error: toErrorBody(error, name, log) };
  }
}

import type { RequestInput, RequestName, RequestOutput } from '../../shared/contract/contract.ts';

/** What a program needs of an engine in order to act for a person. */
export interface AskedEngine {
  dispatch(name: string, input: unknown, audience: 'renderer' | 'local'): Promise<unknown>;
}

/** `dispatch` with the types of the contract, for a program on this machine. */
export async function askEngine<Name extends RequestName>(
  engine: AskedEngine,
  name: Name,
  input: RequestInput<Name>,
): Promise<RequestOutput<Name>> {
  return (await engine.dispatch(name, input, 'local')) as RequestOutput<Name>;
}

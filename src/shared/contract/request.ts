import type { z } from 'zod';

/**
 * One request of the contract between the interface (or a script) and the engine.
 * `local` requests name files on this machine and are answered to the command line only, never to a
 * renderer.
 */
export interface RequestDefinition<
  Input extends z.ZodType = z.ZodType,
  Output extends z.ZodType = z.ZodType,
> {
  readonly summary: string;
  readonly audience: 'any' | 'local';
  readonly input: Input;
  readonly output: Output;
}

export function defineRequest<Input extends z.ZodType, Output extends z.ZodType>(
  summary: string,
  input: Input,
  output: Output,
  audience: 'any' | 'local' = 'any',
): RequestDefinition<Input, Output> {
  return { summary, audience, input, output };
}

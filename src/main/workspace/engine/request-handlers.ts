import type {
  RequestArguments,
  RequestName,
  RequestOutput,
} from '../../../shared/contract/contract.ts';
import type { Workspace } from './workspace.ts';

export type RequestHandler<Name extends RequestName> = (
  args: RequestArguments<Name>,
  workspace: Workspace,
) => Promise<RequestOutput<Name>>;

/** One handler per request; that none is missing is checked where they come together, in `dispatch.ts`. */
export type RequestHandlers = { readonly [Name in RequestName]: RequestHandler<Name> };

export type HandlersOf<Names extends Record<string, unknown>> = {
  readonly [Name in keyof Names & RequestName]: RequestHandler<Name>;
};

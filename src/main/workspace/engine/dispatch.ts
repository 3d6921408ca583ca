import {
  contract,
  isRequestName,
  type RequestName,
  requestNames,
} from '../../../shared/contract/contract.ts';
import { requestRoles } from '../../../shared/contract/request-roles.ts';
import { StintError } from '../../../shared/errors.ts';
import { parseInput } from '../../../shared/validation.ts';
import { agreementHandlers } from '../agreement/agreement-handlers.ts';
import { recoveryHandlers } from '../backup/recovery-handlers.ts';
import { bundleHandlers } from '../bundles/bundle-handlers.ts';
import { openedBundleHandlers } from '../bundles/opened/opened-bundle-handlers.ts';
import { deskHandlers } from '../desk/desk-handlers.ts';
import { describeWriteFailure } from '../database/describe-write-failure.ts';
import { fileHandlers } from '../files/file-handlers.ts';
import { fileWayHandlers } from '../files/file-way-handlers.ts';
import { historyHandlers } from '../history/history-handlers.ts';
import { importHandlers } from '../imports/import-handlers.ts';
import { hoursExchangeHandlers } from '../hours-exchange/hours-exchange-handlers.ts';
import { overviewHandlers } from '../overview/overview-handlers.ts';
import { hoursRuleHandlers } from '../hours/hours-rule-handlers.ts';
import { packHandlers } from '../packs/pack-handlers.ts';
import { searchHandlers } from '../search/search-handlers.ts';
import { setupHandlers } from '../setup/setup-handlers.ts';
import { syncHandlers } from '../sync/sync-handlers.ts';
import { vaultHandlers } from '../vault/vault-handlers.ts';
import { askedHandlers } from '../work/asked-handlers.ts';
import { workHandlers } from '../work/work-handlers.ts';
import type { RequestHandlers } from './request-handlers.ts';
import type { Workspace } from './workspace.ts';

/** That no request of the contract is without a handler is a matter of types. */
const handlers: RequestHandlers = {
  ...setupHandlers,
  ...syncHandlers,
  ...fileHandlers,
  ...fileWayHandlers,
  ...workHandlers,
  ...deskHandlers,
  ...hoursRuleHandlers,
  ...askedHandlers,
  ...historyHandlers,
  ...searchHandlers,
  ...overviewHandlers,
  ...hoursExchangeHandlers,
  ...agreementHandlers,
  ...importHandlers,
  ...bundleHandlers,
  ...openedBundleHandlers,
  ...vaultHandlers,
  ...packHandlers,
  ...recoveryHandlers,
};

/** Who asks: a page in a renderer, or a program of this user's on this machine (command line, tests). */
export type Audience = 'renderer' | 'local';

/**
 * Answers one request of the contract; every carrier ends here.
 *
 * @throws StintError `invalid_input` naming the field; `not_found` for a request that does not exist, or
 * that this audience may not make; `forbidden` for a role that may not make it; and what the handler says.
 */
export async function dispatch(
  workspace: Workspace,
  name: string,
  input: unknown,
  audience: Audience,
): Promise<unknown> {
  if (!isRequestName(name) || (contract[name].audience === 'local' && audience !== 'local'))
    throw new StintError(
      'not_found',
      `there is no request "${name.slice(0, 80)}"; expected one of ${requestNames.length}, listed by "stint requests"`,
    );
  return answer(workspace, name, input);
}

/** @throws StintError `forbidden`; an organization that is not here is the handler's to speak of. */
function checkRole(workspace: Workspace, name: RequestName, args: object): void {
  const allowed = requestRoles[name];
  if (allowed === null || !('seatId' in args) || typeof args.seatId !== 'string') return;
  const role = workspace.seats.find(args.seatId)?.record.role;
  if (role !== undefined && !allowed.includes(role))
    throw new StintError(
      'forbidden',
      `the role ${role} may not do this: ${contract[name].summary.toLowerCase()}`,
    );
}

async function answer<Name extends RequestName>(
  workspace: Workspace,
  name: Name,
  input: unknown,
): Promise<unknown> {
  const args = parseInput(contract[name].input, input ?? {}, name);
  checkRole(workspace, name, args);
  const handler = handlers[name] as (args: unknown, workspace: Workspace) => Promise<unknown>;
  try {
    return await handler(args, workspace);
  } catch (error) {
    throw describeWriteFailure(error);
  }
}

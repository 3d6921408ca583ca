import type { z } from 'zod';
import { agreementRequests } from './agreement-requests.ts';
import { bundleRequests } from './bundle-requests.ts';
import { askedRequests } from './asked-requests.ts';
import { deskRequests } from './desk-requests.ts';
import { evaluationRequests } from './evaluation-requests.ts';
import { fileRequests } from './file-requests.ts';
import { fileWayRequests } from './file-way-requests.ts';
import { historyRequests } from './history-requests.ts';
import { importRequests } from './import-requests.ts';
import { hoursExchangeRequests } from './hours-exchange-requests.ts';
import { openedBundleRequests } from './opened-bundle-requests.ts';
import { overviewRequests } from './overview-requests.ts';
import { hoursRequests } from './hours-requests.ts';
import { packRequests } from './pack-requests.ts';
import { peopleRequests } from './people-requests.ts';
import { recoveryRequests } from './recovery-requests.ts';
import { searchRequests } from './search-requests.ts';
import { reviewRequests } from './review-requests.ts';
import { setupRequests } from './setup-requests.ts';
import { syncRequests } from './sync-requests.ts';
import { vaultRequests } from './vault-requests.ts';
import { workRequests } from './work-requests.ts';

/**
 * Everything that can be asked of the engine, by whatever carrier: Electron's IPC, HTTP on the loopback
 * interface, the command line, a test. One map, one `dispatch`.
 */
export const contract = {
  ...setupRequests,
  ...syncRequests,
  ...fileRequests,
  ...fileWayRequests,
  ...workRequests,
  ...deskRequests,
  ...hoursRequests,
  ...bundleRequests,
  ...openedBundleRequests,
  ...reviewRequests,
  ...askedRequests,
  ...historyRequests,
  ...searchRequests,
  ...overviewRequests,
  ...hoursExchangeRequests,
  ...peopleRequests,
  ...agreementRequests,
  ...evaluationRequests,
  ...importRequests,
  ...vaultRequests,
  ...packRequests,
  ...recoveryRequests,
} as const;

export type Contract = typeof contract;
export type RequestName = keyof Contract;
/** What a caller passes: defaults may be left out. */
export type RequestInput<Name extends RequestName> = z.input<Contract[Name]['input']>;
/** What a handler gets: parsed, defaults filled in. */
export type RequestArguments<Name extends RequestName> = z.output<Contract[Name]['input']>;
export type RequestOutput<Name extends RequestName> = z.output<Contract[Name]['output']>;

export const requestNames = Object.keys(contract) as RequestName[];

export function isRequestName(name: string): name is RequestName {
  return Object.hasOwn(contract, name);
}

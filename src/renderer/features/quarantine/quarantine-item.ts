import type { RequestOutput } from '../../../shared/contract/contract.ts';

export type QuarantineItem = RequestOutput<'quarantine.list'>[number];

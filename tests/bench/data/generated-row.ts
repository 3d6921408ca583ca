import type { DomainDatabase, DomainTable } from '../../../src/shared/database/domain-tables.ts';

export type GeneratedRow = {
  readonly [Table in DomainTable]: { readonly table: Table; readonly row: DomainDatabase[Table] };
}[DomainTable];

export const dayMs = 86_400_000;
export const minuteMs = 60_000;

export const instantOf = (atMs: number): string => new Date(atMs).toISOString();
export const dateOf = (atMs: number): string => instantOf(atMs).slice(0, 10);

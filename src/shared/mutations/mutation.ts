import type { z } from 'zod';
import type { MutationStore } from '../database/mutation-store.ts';
import type { Role } from '../domain/fields.ts';
import type { ReceiptStatement } from '../domain/receipt.ts';
import type { VerifiedAnchor } from '../domain/time-anchor.ts';
import type { Sha256Hex } from '../ports.ts';

export interface Actor {
  readonly accountId: string;
  readonly membershipId: string;
  readonly role: Role;
}

/** A mutation that comes again because the server had lost it. */
export interface VerifiedAcknowledgement {
  /**
   * What this server stated of it then, its own signature verified; null where there is no such statement. Which
   * submission it is about is for the mutation to check.
   */
  readonly receipt: ReceiptStatement | null;
}

/**
 * Where and for whom a mutation runs. The same function runs twice: on the device at once
 * (`authority: "workspace"`, a forecast) and on the server again (`authority: "server"`, the truth).
 */
export interface MutationContext {
  readonly authority: 'workspace' | 'server';
  readonly actor: Actor;
  readonly mutationId: string;
  /** What the device's clock said when the person acted (SY-17). */
  readonly claimedAt: string;
  /** When the server received it; null on the device. */
  readonly receivedAt: string | null;
  /** The moment for the row's own times: `receivedAt` where there is one, else `claimedAt`. */
  readonly at: string;
  /** The organization's sequence number up to which the device had seen the server's state. */
  readonly baseSeq: number;
  /** The number that this mutation's changes get (SY-4); 0 on the device, which cannot know it. */
  readonly seq: number;
  /** SY-17: the anchor that came with it, once the server has verified it; null on the device, and where there is none. */
  readonly anchor: VerifiedAnchor | null;
  /** SY-15: set where this server had answered it before it was restored from a backup; null on the device. */
  readonly acknowledged: VerifiedAcknowledgement | null;
  readonly sha256Hex: Sha256Hex;
}

/**
 * A named, versioned change of an organization's state, written once (design, section 3).
 *
 * `apply` must be deterministic in the store's state, the arguments and the context: ids come with the
 * arguments, times with the context. It throws `StintError` to refuse (the savepoint is rolled back, the
 * person is told) and anything else only for a fault. It authorises the actor beyond the role, too.
 */
export interface MutationDefinition<Args = unknown> {
  readonly name: string;
  readonly version: number;
  readonly schema: z.ZodType<Args>;
  /** Who may push it; `server` marks what only the server itself runs. */
  readonly by: readonly Role[] | 'server';
  /** One line for lists of what waits, e.g. "Submit work". */
  readonly label: string;
  apply(store: MutationStore, args: Args, context: MutationContext): Promise<void>;
}

/** A definition that keeps name and version as literal types, so that `mutate` knows the newest's arguments by the name. */
export interface NamedMutation<
  Name extends string,
  Version extends number,
  Args,
> extends MutationDefinition<Args> {
  readonly name: Name;
  readonly version: Version;
}

export function defineMutation<
  const Name extends string,
  const Version extends number,
  Schema extends z.ZodType,
>(definition: {
  readonly name: Name;
  readonly version: Version;
  readonly schema: Schema;
  readonly by: readonly Role[] | 'server';
  readonly label: string;
  apply(store: MutationStore, args: z.output<Schema>, context: MutationContext): Promise<void>;
}): NamedMutation<Name, Version, z.output<Schema>> {
  return definition as unknown as NamedMutation<Name, Version, z.output<Schema>>;
}

export const employerRoles = ['owner', 'manager'] as const satisfies readonly Role[];
export const internRole = ['intern'] as const satisfies readonly Role[];
export const everyRole = ['owner', 'manager', 'intern'] as const satisfies readonly Role[];

import { type ErrorCode, StintError } from '../../../shared/errors.ts';
import type { PushResult } from '../../../shared/protocol/push.ts';
import { maximumPushMutations } from '../../../shared/protocol/version.ts';

/** So many rounds in which others got through and this one did not prove that it is the culprit. */
const faultsUntilSetAside = 3;

/** Failures of a whole request that a single mutation in it may have caused. */
const mayBeOneMutation: ReadonlySet<ErrorCode> = new Set([
  'server_error',
  'internal',
  'invalid_input',
  'too_large',
]);

/**
 * How much a seat sends at once, and which mutations the server stumbles over (SY-7). A fault may be the
 * server's own and pass; so a mutation is set aside, as refused and for the person to see, only when others got
 * through in the same rounds in which it failed.
 */
export class PushPace {
  /** The most mutations for the next batch. */
  limit = maximumPushMutations;
  /** Why something was passed over in this round. */
  failure: StintError | undefined;
  readonly #faults = new Map<string, number>();
  readonly #suspects = new Set<string>();
  #hasSucceeded = false;

  get suspects(): ReadonlySet<string> {
    return this.#suspects;
  }

  beginRound(): void {
    this.failure = undefined;
    this.#hasSucceeded = false;
    this.#suspects.clear();
  }

  succeed(): void {
    this.#hasSucceeded = true;
    this.limit = Math.min(maximumPushMutations, this.limit * 2);
  }

  /** @throws the error, when it says nothing of what was in the batch. */
  fail(mutationIds: readonly string[], error: unknown): void {
    const [only] = mutationIds;
    const isTimeout =
      error instanceof StintError && (error.cause as Error | undefined)?.name === 'TimeoutError';
    const isSuspicious = error instanceof StintError && mayBeOneMutation.has(error.code);
    if (mutationIds.length > 1 && (isTimeout || isSuspicious)) {
      // A slow line never gets a large batch through within the time, either.
      this.limit = Math.ceil(mutationIds.length / 2);
      return;
    }
    if (!isSuspicious || only === undefined) throw error;
    this.failure = error;
    this.#suspects.add(only);
    // When nothing gets through it is the server that is down, and there is no sense in trying them all.
    if (this.#suspects.size > faultsUntilSetAside && !this.#hasSucceeded) throw error;
  }

  /** @returns answers for those that are set aside now. */
  endRound(): PushResult[] {
    const setAside: PushResult[] = [];
    for (const id of this.#suspects) {
      if (!this.#hasSucceeded) continue;
      const faults = (this.#faults.get(id) ?? 0) + 1;
      this.#faults.set(id, faults);
      if (faults < faultsUntilSetAside) continue;
      this.#faults.delete(id);
      setAside.push({
        id,
        status: 'rejected',
        repeated: false,
        seq: null,
        code: this.failure?.code ?? 'server_error',
        message: `the server could not take this change (${this.failure?.message ?? 'a fault'}); everything else went through`,
        field: null,
      });
    }
    return setAside;
  }
}

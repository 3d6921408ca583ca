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
  /** In how many rounds without a break each failed alone, whether anything got through or not. */
  readonly #tries = new Map<string, number>();
  /** Suspects behind which somebody wrote the same rows, and was let past in this round. */
  readonly #overtaken = new Set<string>();
  /** By mutation, the server's head at which it was answered and goes on waiting all the same (SY-15). */
  readonly #waitingSince = new Map<string, number>();
  #hasSucceeded = false;

  /**
   * @param headSeq the newest head that the server stated: what was refused at an older one is tried again.
   * @param triesAll tries everything again, wherever the head is.
   */
  beginRound(headSeq: number, triesAll: boolean): void {
    this.failure = undefined;
    this.#hasSucceeded = false;
    this.#suspects.clear();
    this.#overtaken.clear();
    if (triesAll) this.#waitingSince.clear();
    this.noteHead(headSeq);
  }

  /** What goes on waiting since another head of the server's is worth another try. */
  noteHead(headSeq: number): void {
    for (const [id, sinceSeq] of this.#waitingSince)
      if (sinceSeq !== headSeq) this.#waitingSince.delete(id);
  }

  /** Passed over in this round, and to be tried again: what was written over them must not come before them. */
  listKeptInOrder(): string[] {
    return [...this.#suspects].filter((id) => !this.#isLastTry(id));
  }

  /** Passed over in this round, and if anything else gets through, set aside at its end. */
  listOvertakable(): string[] {
    return [...this.#suspects].filter((id) => this.#isLastTry(id));
  }

  noteOvertaken(id: string): void {
    this.#overtaken.add(id);
  }

  #isLastTry(id: string): boolean {
    return (this.#tries.get(id) ?? 0) >= faultsUntilSetAside - 1;
  }

  /** Answered, and waiting for another head of the server's; not sent in this round either. */
  listWaiting(): string[] {
    return [...this.#waitingSince.keys()];
  }

  /** Whether nothing holds up or is passed over, so that what follows a batch can be told before its answer. */
  get isPlain(): boolean {
    return (
      this.limit === maximumPushMutations &&
      this.failure === undefined &&
      this.#suspects.size === 0 &&
      this.#waitingSince.size === 0
    );
  }

  passOver(mutationIds: readonly string[], headSeq: number): void {
    for (const id of mutationIds) this.#waitingSince.set(id, headSeq);
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
    for (const id of this.#tries.keys()) if (!this.#suspects.has(id)) this.#tries.delete(id);
    for (const id of this.#suspects) {
      this.#tries.set(id, (this.#tries.get(id) ?? 0) + 1);
      if (!this.#hasSucceeded) continue;
      const faults = (this.#faults.get(id) ?? 0) + 1;
      this.#faults.set(id, faults);
      // What was let past it would be undone if it got through later.
      if (faults < faultsUntilSetAside && !this.#overtaken.has(id)) continue;
      this.#faults.delete(id);
      this.#tries.delete(id);
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

import { type ErrorCode, StintError } from '../../../shared/errors.ts';
import { computeEpochMs, computeIsoInstant } from '../../../shared/ports.ts';
import { describeWriteFailure } from '../database/describe-write-failure.ts';
import type { WorkspacePorts } from '../ports/system-ports.ts';
import type { Seat } from '../seats/seat.ts';
import { restoreFromVault } from '../vault/restore-from-vault.ts';
import { announceArrivals } from './arrivals.ts';
import { computeBackoffMs } from './backoff.ts';
import { checkDrift, type DriftOutcome } from './drift-check.ts';
import { keepUnsentWork } from './lost-access.ts';
import { describeOldSide } from './old-side.ts';
import { pullAll, type PullOutcome } from './pull.ts';
import { PushPace } from './push-pace.ts';
import { hasToSend, pushPending } from './push.ts';
import type { ServerClient } from './server-client.ts';

/** How often a seat asks even though nothing told it to (SY-13: a poke may be lost). */
const safetyPullMs = 60_000;

/** SY-14: how long a drift check that nobody asked for says enough. */
const driftCheckMs = 24 * 60 * 60 * 1000;

/** After these there is no sense in asking the server for anything else. */
const endsRound: ReadonlySet<ErrorCode> = new Set([
  'server_unreachable',
  'not_a_stint_server',
  'not_signed_in',
  'account_closed',
  'forbidden',
]);

/** SY-15: how often one round begins anew, for a server that was restored. */
const maximumAttempts = 3;

export type SeatLoopState = 'idle' | 'running' | 'waiting' | 'signed_out' | 'update_needed';

/**
 * Keeps one seat in step: push, then pull, whenever something asks for it: the start, a change, a poke, the
 * connection coming back, the safety timer. A request that comes during a round is not lost: another round
 * follows. Failures are tried again with back-off; while signed out, or where access ended, it rests until
 * it is kicked.
 */
export class SeatLoop {
  readonly seat: Seat;
  readonly #ports: WorkspacePorts;
  readonly #findClient: () => Promise<ServerClient | undefined>;
  readonly #rekey: (refused: ServerClient) => Promise<void>;
  readonly #afterRound: () => void;
  state: SeatLoopState = 'idle';
  isOnline = false;
  lastProblem: string | null = null;
  /** When it tries again by itself; null while it is trying, and while it rests until it is asked to. */
  nextAttemptAt: string | null = null;
  sentChanges = 0;
  receivedRows = 0;
  readonly #pace = new PushPace();
  #isRequested = false;
  /** The greatest number of which a poke told while a round ran. */
  #pokedSeq = 0;
  /** The first round, and each that no change and no poke asked for, asks about everything again. */
  #asksAgain = true;
  /** What the last drift check found; null while one is wanted that has not come about. */
  drift: DriftOutcome = null;
  #hasBeenInStep = false;
  #driftWish: 'none' | 'if_due' | 'asked' = 'if_due';
  #failures = 0;
  #cancelTimer: () => void = () => {};
  #round: Promise<void> | undefined;
  #isStopped = false;

  constructor(
    seat: Seat,
    ports: WorkspacePorts,
    findClient: () => Promise<ServerClient | undefined>,
    rekey: (refused: ServerClient) => Promise<void>,
    afterRound: () => void,
  ) {
    this.seat = seat;
    this.#ports = ports;
    this.#findClient = findClient;
    this.#rekey = rekey;
    this.#afterRound = afterRound;
  }

  /** Asks for a round. `isUrgent` forgets the back-off; else a round that waits for it goes on waiting. */
  request(isUrgent: boolean): void {
    if (this.#isStopped) return;
    this.#isRequested = true;
    // Also while a round runs: if that one fails, it may have begun before the connection came back.
    if (isUrgent) this.#failures = 0;
    if (this.#round === undefined && this.#failures === 0) this.#begin();
  }

  /**
   * SY-13: a poke asks for a round. While one runs it asks for another, but for a number that this one reaches: what
   * was pushed just now is told to everyone, and comes back with the pull that follows.
   */
  poke(seq: number): void {
    if (this.#round === undefined) {
      this.request(true);
      return;
    }
    this.#failures = 0;
    this.#pokedSeq = Math.max(this.#pokedSeq, seq);
  }

  /** SY-14: compares with the server after the next round; `drift` tells what came of it. */
  requestDriftCheck(): void {
    this.drift = null;
    this.#driftWish = 'asked';
    this.request(true);
  }

  #begin(): void {
    this.#cancelTimer();
    this.nextAttemptAt = null;
    this.#round = this.#runRounds().finally(() => {
      this.#round = undefined;
      // Told between the last look and here.
      if (this.#pokedSeq > 0) this.#isRequested = true;
      this.#pokedSeq = 0;
      if (this.#isRequested && this.#failures === 0 && !this.#isStopped) this.#begin();
    });
  }

  async #runRounds(): Promise<void> {
    this.#setState('running');
    while (this.#isRequested && !this.#isStopped) {
      this.#isRequested = false;
      const asksAgain = this.#asksAgain;
      this.#asksAgain = false;
      try {
        await this.#runRound(asksAgain);
        if (await this.#hasMissedPoke()) this.#isRequested = true;
        this.#failures = 0;
        this.isOnline = true;
        this.lastProblem = null;
      } catch (error) {
        await this.#handleFailure(error);
        this.#afterRound();
        return;
      }
    }
    this.#setState('idle');
    this.#afterRound();
    this.#scheduleSafetyRound();
  }

  async #hasMissedPoke(): Promise<boolean> {
    if (this.#pokedSeq === 0) return false;
    const { headSeq } = await this.seat.db
      .selectFrom('seatState')
      .select('headSeq')
      .executeTakeFirstOrThrow();
    const isMissed = this.#pokedSeq > headSeq;
    this.#pokedSeq = 0;
    return isMissed;
  }

  async #describeFailure(failure: StintError): Promise<string> {
    if (failure.code !== 'protocol_unsupported') return failure.message;
    const client = await this.#findClient();
    const oldSide = client === undefined ? undefined : await describeOldSide(client);
    return oldSide ?? failure.message;
  }

  #scheduleSafetyRound(): void {
    this.#scheduleAfter(Math.round(safetyPullMs * (0.75 + this.#ports.randomness.fraction() / 2)));
  }

  async #runRound(asksAgain: boolean): Promise<void> {
    for (let attempt = 1; ; attempt += 1) {
      const pushFailure = await this.#push(asksAgain && attempt === 1);
      const pulled = await this.#pull();
      this.receivedRows += pulled.receivedRows;
      await announceArrivals(this.seat, pulled.created);
      await restoreFromVault(this.seat);
      // SY-15: the server had been restored. Now that this is worked in, what it has lost is sent.
      if (pulled.hasRestarted) this.#driftWish = 'asked';
      const isWorthIt =
        pushFailure === undefined
          ? await hasToSend(this.seat, this.#pace)
          : pushFailure.code === 'head_unknown';
      if (isWorthIt && attempt < maximumAttempts) continue;
      if (pushFailure === undefined) break;
      throw pushFailure;
    }
    if (this.#driftWish === 'asked' || (asksAgain && this.#hasBeenInStep)) await this.#checkDrift();
    this.#hasBeenInStep = true;
  }

  /**
   * SY-14: after a fresh beginning, or when asked for, at once; else once in a run of the program, if a day has
   * passed, and not in its first round: when a server comes back, hundreds come to it at once.
   */
  async #checkDrift(): Promise<void> {
    if (this.#driftWish === 'none') return;
    const nowMs = this.#ports.clock.nowMs();
    if (this.#driftWish === 'asked' || (await this.#isDriftCheckDue(nowMs))) {
      let outcome: DriftOutcome;
      try {
        outcome = await checkDrift(this.seat, await this.#getClient());
      } catch (error) {
        // A server that is busy, or cannot compare, is no reason to say that nothing is in step.
        if (!(error instanceof StintError)) throw error;
        return;
      }
      // Others, or the person, changed something meanwhile: the next round is another occasion.
      if (outcome === null) return;
      this.drift = outcome;
      await this.#noteDriftCheck(nowMs);
      if (outcome.some(({ isSame }) => !isSame)) await this.#pull();
    }
    this.#driftWish = 'none';
  }

  async #isDriftCheckDue(nowMs: number): Promise<boolean> {
    const { driftCheckedAt } = await this.seat.db
      .selectFrom('seatState')
      .select('driftCheckedAt')
      .executeTakeFirstOrThrow();
    if (driftCheckedAt !== null)
      return Math.abs(nowMs - computeEpochMs(driftCheckedAt)) >= driftCheckMs;
    // What was fetched for the first time just now needs no comparing.
    await this.#noteDriftCheck(nowMs);
    return false;
  }

  async #noteDriftCheck(nowMs: number): Promise<void> {
    await this.seat.db
      .updateTable('seatState')
      .set({ driftCheckedAt: computeIsoInstant(nowMs) })
      .execute();
  }

  async #getClient(): Promise<ServerClient> {
    const client = await this.#findClient();
    if (client === undefined)
      throw new StintError('not_signed_in', 'sign in again to synchronise; your work is safe');
    return client;
  }

  readonly #now = (): string => computeIsoInstant(this.#ports.clock.nowMs());

  /**
   * What cannot be sent must not hold back what others did (SY-11): one change at which the server stumbles
   * would cut this device off for good.
   *
   * @returns why it failed, unless a pull could not do better.
   */
  async #push(asksAgain: boolean): Promise<StintError | undefined> {
    try {
      this.sentChanges += await this.#pushAsDevice(asksAgain);
      return undefined;
    } catch (error) {
      if (!(error instanceof StintError) || endsRound.has(error.code)) throw error;
      return error;
    }
  }

  /** SY-16: where the server holds other changes under this device's numbers, it goes on as another device. */
  async #pushAsDevice(asksAgain: boolean): Promise<number> {
    const client = await this.#getClient();
    try {
      return await pushPending(this.seat, client, this.#now, this.#pace, asksAgain);
    } catch (error) {
      if (!(error instanceof StintError)) throw error;
      if (error.code === 'forbidden') await keepUnsentWork(this.seat, 'push', this.#now());
      if (error.code === 'account_closed')
        await keepUnsentWork(this.seat, 'account_closed', this.#now());
      if (error.code !== 'rekey') throw error;
      await this.#rekey(client);
      return pushPending(this.seat, await this.#getClient(), this.#now, this.#pace, asksAgain);
    }
  }

  async #pull(): Promise<PullOutcome> {
    try {
      return await pullAll(this.seat, await this.#getClient(), this.#now);
    } catch (error) {
      if (error instanceof StintError && error.code === 'forbidden')
        await keepUnsentWork(this.seat, 'pull', this.#now());
      if (error instanceof StintError && error.code === 'account_closed')
        await keepUnsentWork(this.seat, 'account_closed', this.#now());
      throw error;
    }
  }

  async #handleFailure(error: unknown): Promise<void> {
    const described = describeWriteFailure(error);
    const failure =
      described instanceof StintError
        ? described
        : new StintError('internal', 'synchronising failed on this computer', { cause: error });
    // Whatever comes next fetches that, too.
    this.#pokedSeq = 0;
    this.lastProblem = await this.#describeFailure(failure);
    if (failure.code === 'not_signed_in' || failure.code === 'account_closed') {
      // Only a person can mend this. The loop rests until it is asked again, by a change or after a sign-in. What asked
      // while this round ran may have been the sign-in, and has its round.
      this.isOnline = true;
      this.#setState('signed_out');
      return;
    }
    if (failure.code === 'protocol_unsupported') {
      // SY-20: what is done here is sent all the same, at every change and every safety round.
      this.isOnline = true;
      this.#failures = 0;
      this.#setState('update_needed');
      this.#scheduleSafetyRound();
      return;
    }
    this.#isRequested = true;
    this.isOnline = failure.code !== 'server_unreachable';
    this.#failures += 1;
    this.#setState('waiting');
    this.#scheduleAfter(computeBackoffMs(this.#failures, this.#ports.randomness));
  }

  #scheduleAfter(delayMs: number): void {
    if (this.#isStopped) return;
    this.#cancelTimer();
    this.nextAttemptAt = computeIsoInstant(this.#ports.clock.nowMs() + delayMs);
    this.#cancelTimer = this.#ports.timers.after(delayMs, () => {
      this.#isRequested = true;
      this.#asksAgain = true;
      this.#begin();
    });
  }

  #setState(state: SeatLoopState): void {
    this.state = state;
    this.seat.emit({ type: 'sync' });
  }

  /** Ends the loop; a round that runs is waited for. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    this.#cancelTimer();
    await this.#round?.catch(() => {});
  }
}

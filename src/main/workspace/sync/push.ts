import { endpoints } from '../../../shared/protocol/endpoints.ts';
import {
  type Head,
  type PushRequest,
  type PushResponse,
  pushResponseSchema,
  type WireMutation,
} from '../../../shared/protocol/push.ts';
import type { Seat } from '../seats/seat.ts';
import { askAboutSentWork } from './ask-about-sent-work.ts';
import { applyAnswers, type PushAnswers } from './push-answers.ts';
import {
  loadFollowingBatch,
  loadPendingBatch,
  loadQuarantinedBatch,
  loadStatedHead,
} from './push-batch.ts';
import type { PushPace } from './push-pace.ts';
import type { ServerClient } from './server-client.ts';

/**
 * Sends what is pending, in the order in which it was done, batch after batch, one in flight (SY-6). An
 * answer that got lost is no harm: the same rows are sent again, and the server repeats its answer. Where all of a
 * batch was applied, the answers are saved while the server works on the next one.
 *
 * A batch at which the server stumbles is halved until the culprit is alone; that one, and what builds on it,
 * is passed over, and the rest goes on (SY-7).
 *
 * @param now the present instant, noted with each answer.
 * @param asksAgain whether what is quarantined is asked about, too, and what goes on waiting is tried again
 * though the server has not moved (SY-10, SY-15).
 * @returns how many mutations were answered.
 * @throws StintError when nothing can be sent, or, after everything else was, for what was passed over.
 */
export async function pushPending(
  seat: Seat,
  client: ServerClient,
  now: () => string,
  pace: PushPace,
  asksAgain = false,
): Promise<number> {
  let answered = 0;
  pace.beginRound((await loadStatedHead(seat))?.seq ?? 0, asksAgain);
  let underway: Underway | undefined;
  for (;;) {
    underway ??= await sendNext(seat, client, pace);
    if (underway === undefined) break;
    const { batch } = underway;
    // Read while the server works.
    const following = pace.isPlain
      ? await doBeside(underway, () => loadFollowingBatch(seat, batch))
      : [];
    const response = await underway.response;
    underway = undefined;
    if (response === undefined) continue;
    if (following.length > 0 && isWhollyApplied(batch, response) && response.head.seq > 0)
      underway = send(seat, client, pace, following, response.head);
    const waiting = await doBeside(underway, () => applyAnswers(seat, response, now()));
    pace.passOver(waiting, response.head.seq);
    answered += response.results.length;
    // A server that answers for nothing that was sent would keep this loop going for ever.
    const known = new Set(batch.map((mutation) => mutation.id));
    if (!response.results.some((result) => known.has(result.id))) return answered;
  }
  const setAside = pace.endRound();
  if (setAside.length > 0)
    await applyAnswers(seat, { results: setAside, head: null, anchor: null, heardMs: 0 }, now());
  if (asksAgain) {
    await askAboutQuarantined(seat, client, now);
    if (await hasLostAccess(seat))
      await askAboutSentWork(
        seat,
        async (batch) => (await sendBatch(seat, client, batch, await loadStatedHead(seat))).results,
        now(),
      );
  }
  if (pace.failure !== undefined) throw pace.failure;
  return answered;
}

/** Whether a pull has made something worth sending that waited before (SY-15). */
export async function hasToSend(seat: Seat, pace: PushPace): Promise<boolean> {
  pace.noteHead((await loadStatedHead(seat))?.seq ?? 0);
  return (await loadPendingBatch(seat, pace)).length > 0;
}

/** SY-10: sending them again is harmless; what the employer decided comes back as their answer. */
async function askAboutQuarantined(
  seat: Seat,
  client: ServerClient,
  now: () => string,
): Promise<void> {
  for (let afterDeviceSeq = 0; ;) {
    const batch = await loadQuarantinedBatch(seat, afterDeviceSeq);
    const last = batch.at(-1);
    if (last === undefined) return;
    const response = await sendBatch(seat, client, batch, await loadStatedHead(seat));
    const decided = response.results.filter(({ status }) => status !== 'quarantined');
    if (decided.length > 0) await applyAnswers(seat, { ...response, results: decided }, now());
    afterDeviceSeq = last.deviceSeq;
  }
}

async function hasLostAccess(seat: Seat): Promise<boolean> {
  const { accessLostAt } = await seat.db
    .selectFrom('seatState')
    .select('accessLostAt')
    .executeTakeFirstOrThrow();
  return accessLostAt !== null;
}

type SentBatch = PushResponse & PushAnswers;

/** A batch that has been sent; the response is undefined when the batch has to be tried otherwise. */
interface Underway {
  readonly batch: readonly WireMutation[];
  readonly response: Promise<SentBatch | undefined>;
}

async function sendNext(
  seat: Seat,
  client: ServerClient,
  pace: PushPace,
): Promise<Underway | undefined> {
  const batch = await loadPendingBatch(seat, pace);
  if (batch.length === 0) return undefined;
  return send(seat, client, pace, batch, await loadStatedHead(seat));
}

function send(
  seat: Seat,
  client: ServerClient,
  pace: PushPace,
  batch: readonly WireMutation[],
  head: Head | null,
): Underway {
  const response = tryBatch(seat, client, batch, pace, head);
  // It may fail before it is waited for.
  response.catch(() => {});
  return { batch, response };
}

/** Whether nothing in these answers changes what is sent next (SY-7). */
function isWhollyApplied(batch: readonly WireMutation[], { results }: SentBatch): boolean {
  const applied = new Set(results.filter(({ status }) => status === 'applied').map(({ id }) => id));
  return applied.size === results.length && batch.every(({ id }) => applied.has(id));
}

/** Where this fails, what is on its way is waited for all the same: one is in flight (SY-6). */
async function doBeside<Result>(
  underway: Underway | undefined,
  action: () => Promise<Result>,
): Promise<Result> {
  try {
    return await action();
  } catch (error) {
    await underway?.response.catch(() => {});
    throw error;
  }
}

async function tryBatch(
  seat: Seat,
  client: ServerClient,
  batch: readonly WireMutation[],
  pace: PushPace,
  head: Head | null,
): Promise<SentBatch | undefined> {
  try {
    const response = await sendBatch(seat, client, batch, head);
    pace.succeed();
    return response;
  } catch (error) {
    pace.fail(
      batch.map((mutation) => mutation.id),
      error,
    );
    return undefined;
  }
}

async function sendBatch(
  seat: Seat,
  client: ServerClient,
  batch: readonly WireMutation[],
  head: Head | null,
): Promise<SentBatch> {
  const request: PushRequest = { mutations: [...batch], head };
  const response = await client.post(
    endpoints.push(seat.record.orgId),
    request,
    pushResponseSchema,
  );
  return { ...response, heardMs: seat.clock.monotonicMs() };
}

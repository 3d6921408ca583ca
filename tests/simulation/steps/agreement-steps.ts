import { computeSealedWords } from '../oracles/seal-watch.ts';
import { type Action, noteText } from './scene.ts';

/** What both sides agree on anew, and what they say of each other in the end. */
export const agreementActions = {
  'anyone.propose': async (scene) => {
    const { simulation, step, random, device, seatId, canary, rows } = scene;
    const engagement = random.pick(
      rows<{ id: string }>(`select id from engagements where status = 'active' order by id`),
    );
    if (engagement === undefined) return;
    const reason = `${canary} amendment ${step.index}`;
    const { intent } = await simulation.act(device, step, 'amendment.propose', () =>
      device.attempt('amendment.propose', {
        seatId,
        engagementId: engagement.id,
        taskId: null,
        reason,
        changes: { hourBudgetMinutes: 1200 + step.index },
      }),
    );
    noteText(scene, intent, 'amendments.reason', reason);
  },
  'anyone.decideAmendment': async ({ simulation, step, random, device, seatId, rows }) => {
    const amendment = random.pick(
      rows<{ id: string; proposedSide: string }>(
        `select id, proposedSide from amendments where state = 'proposed' order by id`,
      ),
    );
    if (amendment === undefined) return;
    const amendmentId = amendment.id;
    const isOwner = simulation.getSeat(device).role === 'owner';
    const isOwn = (amendment.proposedSide === 'employer') === isOwner;
    const draw = random.fraction();
    if (isOwn && draw > 0.3) return;
    if (isOwn)
      await simulation.act(device, step, 'amendment.withdraw', () =>
        device.attempt('amendment.withdraw', { seatId, amendmentId }),
      );
    else if (draw < 0.2)
      await simulation.act(device, step, 'amendment.decline', () =>
        device.attempt('amendment.decline', { seatId, amendmentId, reason: 'as it was' }),
      );
    else
      await simulation.act(device, step, 'amendment.confirm', () =>
        device.attempt('amendment.confirm', { seatId, amendmentId }),
      );
  },
  'employer.complete': async ({ simulation, step, random, device, seatId, rows }) => {
    const engagement = random.pick(
      rows<{ id: string }>(`select id from engagements where status = 'active' order by id`),
    );
    if (engagement === undefined) return;
    await simulation.act(device, step, 'engagement.complete', () =>
      device.attempt('engagement.complete', { seatId, engagementId: engagement.id }),
    );
  },
  'anyone.evaluate': async (scene) => {
    const { simulation, step, random, device, seatId, rows } = scene;
    const engagement = random.pick(
      rows<{ id: string }>(`select id from engagements where status = 'completed' order by id`),
    );
    if (engagement === undefined) return;
    const isOwner = simulation.getSeat(device).role === 'owner';
    const words = computeSealedWords(step.index, device.options.person);
    const said = { wentWell: words, couldImprove: '' };
    const { intent } = await simulation.act(device, step, 'evaluation.write', () =>
      device.attempt('evaluation.write', {
        seatId,
        engagementId: engagement.id,
        content: isOwner
          ? {
              side: 'employer',
              ratings: { quality: 4, reliability: 5, communication: null, independence: null },
              ...said,
              testimonial: '',
              offer: null,
            }
          : {
              side: 'intern',
              ratings: { clarity: 3, feedback: null, fairness: 5, learning: null },
              ...said,
              wouldWorkAgain: true,
            },
      }),
    );
    noteText(scene, intent, 'evaluations.contentJson', words);
  },
} satisfies Record<string, Action>;

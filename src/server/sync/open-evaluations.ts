import { computeOpensAt, sealedDays } from '../../shared/domain/evaluation.ts';
import {
  erasedContentJson,
  isTimeToOpen,
  openEvaluations,
  writeEvaluation,
} from '../../shared/mutations/evaluation-mutations.ts';
import type { Actor } from '../../shared/mutations/mutation.ts';
import { computeIsoInstant } from '../../shared/ports.ts';
import { compareColumns } from '../database/compare-columns.ts';
import type { ServerDatabase } from '../database/server-database.ts';
import type { ServerPorts } from '../ports/server-ports.ts';
import type { OrganizationSession, OrganizationWriter } from './organization-writer.ts';
import { runServerMutation } from './run-server-mutation.ts';
import { yieldToOthers } from './yield-to-others.ts';

const dayMs = 86_400_000;

async function openIfDue(
  session: OrganizationSession,
  ports: ServerPorts,
  engagementId: string,
  actor: Actor,
): Promise<void> {
  const { trx, orgId } = session;
  const engagement = await trx
    .selectFrom('engagements')
    .select('endedAt')
    .where('orgId', '=', orgId)
    .where('id', '=', engagementId)
    .executeTakeFirst();
  if (engagement === undefined) return;
  const rows = await trx
    .selectFrom('evaluations')
    .selectAll()
    .where('orgId', '=', orgId)
    .where('engagementId', '=', engagementId)
    .execute();
  if (isTimeToOpen(engagement, rows, computeIsoInstant(ports.clock.nowMs())))
    await runServerMutation(session, ports, openEvaluations, { engagementId }, actor);
}

/**
 * What follows on the server when one side has spoken, in the same transaction: with both in, both are opened.
 *
 * @param applied a mutation that was just applied; any but an evaluation is passed over.
 */
export async function settleEvaluations(
  session: OrganizationSession,
  ports: ServerPorts,
  applied: { readonly name: string; readonly args: unknown },
  actor: Actor,
): Promise<void> {
  if (applied.name !== writeEvaluation.name) return;
  const { engagementId } = writeEvaluation.schema.parse(applied.args);
  await openIfDue(session, ports, engagementId, actor);
}

/**
 * Opens what has been sealed for fourteen days. Several processes may do it at once: each looks again under the
 * organization's lock, and what is open already stays as it is.
 */
export async function openDueEvaluations(dependencies: {
  readonly database: ServerDatabase;
  readonly writer: OrganizationWriter;
  readonly ports: ServerPorts;
}): Promise<void> {
  const { database, writer, ports } = dependencies;
  const nowMs = ports.clock.nowMs();
  let from: EvaluatedEngagement = { orgId: '', engagementId: '' };
  for (;;) {
    const page = await listEvaluated(database, from);
    const to = page.at(-1);
    if (to === undefined) return;
    for (const { orgId, engagementId, ...actor } of await listDue(database, { from, to }, nowMs))
      await writer.write(orgId, async (session) => {
        if (session !== undefined) await openIfDue(session, ports, engagementId, actor);
      });
    // All that was ever evaluated on this server is looked through, and nobody waits for it.
    await yieldToOthers();
    from = to;
  }
}

interface EvaluatedEngagement {
  readonly orgId: string;
  readonly engagementId: string;
}

const pageEngagements = 200;

/** The engagements next in order of which there are evaluations. */
async function listEvaluated(
  { db }: ServerDatabase,
  { orgId, engagementId }: EvaluatedEngagement,
): Promise<EvaluatedEngagement[]> {
  return await db
    .selectFrom('evaluations')
    .select(['orgId', 'engagementId'])
    .distinct()
    .where(compareColumns(['orgId', 'engagementId'], '>', [orgId, engagementId]))
    .orderBy('orgId')
    .orderBy('engagementId')
    .limit(pageEngagements)
    .execute();
}

/** Of those after `from` up to `to`, which have been sealed for fourteen days, each with whoever wrote. */
async function listDue(
  { db }: ServerDatabase,
  { from, to }: { readonly from: EvaluatedEngagement; readonly to: EvaluatedEngagement },
  nowMs: number,
) {
  const key = ['evaluations.orgId', 'evaluations.engagementId'];
  const due = await db
    .selectFrom('evaluations')
    .innerJoin('engagements', (join) =>
      join
        .onRef('engagements.orgId', '=', 'evaluations.orgId')
        .onRef('engagements.id', '=', 'evaluations.engagementId'),
    )
    .innerJoin('memberships', (join) =>
      join
        .onRef('memberships.orgId', '=', 'evaluations.orgId')
        .onRef('memberships.id', '=', 'evaluations.writtenBy'),
    )
    .select([
      'evaluations.orgId',
      'evaluations.engagementId',
      'engagements.endedAt',
      'memberships.id as membershipId',
      'memberships.accountId',
      'memberships.role',
    ])
    .where(compareColumns(key, '>', [from.orgId, from.engagementId]))
    .where(compareColumns(key, '<=', [to.orgId, to.engagementId]))
    .where('evaluations.openedAt', 'is', null)
    .where('evaluations.contentJson', '!=', erasedContentJson)
    .where('engagements.endedAt', '<=', computeIsoInstant(nowMs - sealedDays * dayMs))
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(
          selectFrom('evaluations as opened')
            .select('opened.id')
            .whereRef('opened.orgId', '=', 'evaluations.orgId')
            .whereRef('opened.engagementId', '=', 'evaluations.engagementId')
            .whereRef('opened.side', '=', 'evaluations.side')
            .where('opened.openedAt', 'is not', null),
        ),
      ),
    )
    .orderBy('evaluations.orgId')
    .orderBy('evaluations.engagementId')
    .execute();
  return due.flatMap(({ endedAt, ...evaluated }) =>
    endedAt === null || computeOpensAt(endedAt) > computeIsoInstant(nowMs) ? [] : [evaluated],
  );
}

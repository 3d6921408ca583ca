import { computeDerivedId } from '../../../shared/domain/derived-id.ts';
import { emailSchema, nameSchema } from '../../../shared/domain/fields.ts';
import { createInvitation } from '../desk/create-invitation.ts';
import type { Workspace } from '../engine/workspace.ts';
import { createChange, type Seat } from '../seats/seat.ts';
import { loadEngagements } from '../work/engagements.ts';
import { findOrdinal, foldText, type ImportPlan, type PlannedRow } from './import-plan.ts';
import { parseCsv } from './parse-csv.ts';

const columns = {
  name: ['name', 'intern', 'full name'],
  email: ['email', 'e mail', 'mail'],
} as const;

/**
 * What a file of interns would make: an invitation to the project for each. Somebody with the same address, or
 * without one of the same name, who was invited before is not invited again; nor is who was invited by the same row
 * and calls themselves otherwise since.
 */
export async function planInterns(
  workspace: Workspace,
  seat: Seat,
  csv: string,
  { projectId, validDays }: { readonly projectId: string; readonly validDays: number },
): Promise<ImportPlan> {
  const { rows, ...table } = parseCsv(csv, columns, ['name']);
  const identify = (name: string, email: string | null) =>
    [...(email === null ? [] : [email.toLowerCase()]), foldText(name)] as const;
  const engagements = await loadEngagements(seat, { projectId });
  const taken = new Set<string>();
  /** Of those that ended early: somebody may be invited anew, as another engagement. */
  const ended = new Map<string, number>();
  const isEndedById = new Map<string, boolean>();
  for (const { engagementId, intern, status } of engagements) {
    isEndedById.set(engagementId, status === 'withdrawn');
    const [identity, ...others] = identify(intern.name, intern.email);
    if (status === 'withdrawn') ended.set(identity, (ended.get(identity) ?? 0) + 1);
    else for (const each of [identity, ...others]) taken.add(each);
  }
  const planned = rows.map(({ line, cells, problems: ofRow }): PlannedRow => {
    const name = nameSchema.safeParse(cells.name);
    const email = cells.email === '' ? null : emailSchema.safeParse(cells.email);
    const shown = { line, title: cells.name };
    const problems = [
      ...ofRow,
      ...(name.success
        ? []
        : [{ column: 'name', message: name.error.issues[0]?.message ?? 'expected a name' }]),
      ...(email === null || email.success
        ? []
        : [{ column: 'email', message: `"${cells.email}" is no e-mail address` }]),
    ];
    if (problems.length > 0 || !name.success || (email !== null && !email.success))
      return { ...shown, state: 'wrong', details: [], problems };
    const address = email?.data ?? null;
    const details = address === null ? [] : [address];
    const [identity, ...others] = identify(name.data, address);
    const derive = (ordinal: number) =>
      computeDerivedId(
        projectId,
        `import/intern/${identity}/${ordinal}`,
        workspace.ports.sha256Hex,
      );
    const ordinal = findOrdinal(ended.get(identity) ?? 0, (each) => isEndedById.get(derive(each)));
    if (taken.has(identity) || ordinal === undefined)
      return { ...shown, state: 'there', details, problems: [] };
    for (const each of [identity, ...others]) taken.add(each);
    const { invitation, link, options } = createInvitation(workspace, seat, {
      name: name.data,
      validDays,
    });
    return {
      ...shown,
      state: 'new',
      details,
      problems: [],
      change: createChange(
        'engagement.invite',
        {
          ...invitation,
          engagementId: derive(ordinal),
          projectId,
          invitedEmail: address,
        },
        options,
      ),
      link: { name: name.data, email: address, link },
    };
  });
  return { rows: planned, ...table };
}

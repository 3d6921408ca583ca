import type { FullProjectTerms } from '../../../shared/mutations/project-terms-mutations.ts';
import { computeTermsThatHold } from '../../../shared/mutations/terms-that-hold.ts';
import type { Seat } from '../seats/seat.ts';
import { createKeptRead } from './kept-read.ts';

/** Undefined for an engagement of which the seat knows neither what was agreed nor the project. */
type FindTerms = (engagementId: string) => FullProjectTerms | undefined;

interface KnownAgreement {
  readonly agreementJson: string;
  readonly terms: FullProjectTerms | undefined;
}

/** By engagement id: an agreement is written once, and reading it is dear where there are many. */
const agreementsBySeat = new WeakMap<Seat, Map<string, KnownAgreement>>();

/** The terms that hold for one engagement, or for each of a seat's: those are kept until something changes. */
export async function loadTermsThatHold(seat: Seat, engagementId?: string): Promise<FindTerms> {
  return engagementId === undefined ? loadAllTerms(seat) : readTermsThatHold(seat, engagementId);
}

const loadAllTerms = createKeptRead((seat) => readTermsThatHold(seat));

/** The terms that hold for this engagement. */
export async function findTermsThatHold(
  seat: Seat,
  engagementId: string,
): Promise<FullProjectTerms | undefined> {
  const find = await loadTermsThatHold(seat, engagementId);
  return find(engagementId);
}

async function readTermsThatHold(seat: Seat, engagementId?: string): Promise<FindTerms> {
  const { orgId } = seat.record;
  let query = seat.db
    .selectFrom('engagements')
    .select(['id', 'projectId', 'agreementJson'])
    .where('orgId', '=', orgId);
  if (engagementId !== undefined) query = query.where('id', '=', engagementId);
  const rows = await query.execute();
  const engagements = new Map(rows.map((row) => [row.id, row]));
  const projects = await readProjects(
    seat,
    rows.filter(({ agreementJson }) => agreementJson === null),
  );
  const agreements = agreementsBySeat.get(seat) ?? new Map<string, KnownAgreement>();
  agreementsBySeat.set(seat, agreements);
  const ofProjects = new Map<string, FullProjectTerms | undefined>();
  return (id) => {
    const engagement = engagements.get(id);
    if (engagement === undefined) return undefined;
    const { agreementJson, projectId } = engagement;
    if (agreementJson === null) {
      if (!ofProjects.has(projectId))
        ofProjects.set(projectId, computeTermsThatHold(engagement, projects.get(projectId)));
      return ofProjects.get(projectId);
    }
    const known = agreements.get(id);
    if (known?.agreementJson === agreementJson) return known.terms;
    const terms = computeTermsThatHold(engagement, undefined);
    agreements.set(id, { agreementJson, terms });
    return terms;
  };
}

/** Those whose own terms hold, as nothing was written down; by id. */
async function readProjects(seat: Seat, engagements: readonly { readonly projectId: string }[]) {
  if (engagements.length === 0) return new Map<string, never>();
  const rows = await seat.db
    .selectFrom('projects')
    .selectAll()
    .where('orgId', '=', seat.record.orgId)
    .where('id', 'in', [...new Set(engagements.map(({ projectId }) => projectId))])
    .execute();
  return new Map(rows.map((row) => [row.id, row]));
}

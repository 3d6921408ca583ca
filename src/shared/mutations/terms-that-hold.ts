import type { DomainRow } from '../database/domain-tables.ts';
import { parseAgreement } from '../domain/agreement.ts';
import { computeProjectTerms, type FullProjectTerms } from './project-terms-mutations.ts';

type AgreedTerms = Pick<DomainRow<'engagements'>, 'agreementJson'>;

/**
 * The terms that hold for an engagement: what was offered to this person, whatever has become of the project since.
 * Engagements from before agreements were written down have the project's terms of the moment. Hours, pay and dates are
 * those of the offer; what they are by now, after amendments, the engagement's own columns say.
 *
 * @returns undefined where nothing was written down and the project is not known here.
 */
export function computeTermsThatHold(
  engagement: AgreedTerms,
  project: DomainRow<'projects'>,
): FullProjectTerms;
export function computeTermsThatHold(
  engagement: AgreedTerms,
  project: DomainRow<'projects'> | undefined,
): FullProjectTerms | undefined;
export function computeTermsThatHold(
  engagement: AgreedTerms,
  project: DomainRow<'projects'> | undefined,
): FullProjectTerms | undefined {
  const agreement = parseAgreement(engagement.agreementJson);
  if (agreement === null) return project && computeProjectTerms(project);
  const { format: _format, ...terms } = agreement;
  return terms;
}

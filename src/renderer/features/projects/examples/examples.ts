import { fourPortraits } from './content.ts';
import { cleanContactList } from './data-entry.ts';
import { onboardingGuide } from './hr.ts';
import type { ProjectExample } from './project-example.ts';
import { competitorPrices } from './research.ts';
import { fiftyLeads } from './sales.ts';

/** One for each kind of work, in the order of the kinds. */
export const projectExamples: readonly ProjectExample[] = [
  cleanContactList,
  competitorPrices,
  onboardingGuide,
  fourPortraits,
  fiftyLeads,
];

/** What an engagement or a project of an older version has in the columns that came later. */
const unsetRounding = {
  roundingMinutes: null,
  roundingMode: null,
  roundingPer: null,
} as const;

export const unsetProjectColumns = { ...unsetRounding, rubricJson: null } as const;

export const unsetEngagementColumns = {
  scopeText: null,
  agreementJson: null,
  offeredBy: null,
  confirmedHash: null,
  endReason: null,
} as const;

import type { DomainTable } from '../../shared/database/domain-tables.ts';

/** Under which name a mutation's arguments tell the id of a row of which tables. What is missing here is asked for alone. */
const tablesByArgument: Readonly<Record<string, readonly DomainTable[]>> = {
  projectId: ['projects'],
  engagementId: ['engagements'],
  taskId: ['tasks', 'drafts'],
  briefVersionId: ['briefVersions'],
  deadlineId: ['deadlines'],
  submissionId: ['submissions', 'reviewClaims'],
  timeEntryId: ['timeEntries'],
  attachmentId: ['attachments'],
  membershipId: ['memberships'],
  amendmentId: ['amendments'],
  questionId: ['questions'],
  answerId: ['answers'],
  requestId: ['extensionRequests'],
  phraseId: ['phrases'],
};

/** The rows that these arguments name. Those of their members that are themselves objects are not looked into. */
export function collectNamedRows(
  argumentsOfBatch: readonly unknown[],
): ReadonlyMap<DomainTable, ReadonlySet<string>> {
  const named = new Map<DomainTable, Set<string>>();
  for (const args of argumentsOfBatch) {
    if (typeof args !== 'object' || args === null) continue;
    for (const [name, id] of Object.entries(args)) {
      if (typeof id !== 'string' || !Object.hasOwn(tablesByArgument, name)) continue;
      for (const table of tablesByArgument[name] ?? []) {
        const ids = named.get(table) ?? new Set<string>();
        named.set(table, ids.add(id));
      }
    }
  }
  return named;
}

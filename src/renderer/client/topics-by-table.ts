/** Everything that shows rows of the workspace, by the first part of the requests' names. */
export const dataTopics = [
  'today',
  'tasks',
  'task',
  'draft',
  'submission',
  'hours',
  'timesheets',
  'timesheet',
  'timeChanges',
  'review',
  'projects',
  'project',
  'people',
  'engagement',
  'bundles',
  'quarantine',
  'amendment',
  'asked',
  'phrase',
  'template',
  'evaluation',
  'history',
  'overview',
] as const;

export type DataTopic = (typeof dataTopics)[number];

const without = (...left: readonly DataTopic[]): ReadonlySet<DataTopic> =>
  new Set(dataTopics.filter((topic) => !left.includes(topic)));

const everything = without();
const oneTask = new Set<DataTopic>(['task', 'submission', 'review']);

/**
 * Which requests show something of a table. What is not named here (what waits, which stands behind every
 * item's mark; a table of a newer engine) may show anywhere.
 */
const topicsByTable: Readonly<Record<string, ReadonlySet<DataTopic>>> = {
  organizations: everything,
  memberships: without('today', 'hours'),
  projects: everything,
  engagements: everything,
  invitations: new Set(['people', 'engagement', 'projects', 'project']),
  tasks: without('people'),
  deadlines: without('people', 'hours'),
  extensions: without('people', 'hours'),
  briefVersions: without('people', 'hours'),
  briefAcknowledgements: new Set(['today', 'tasks', 'task', 'engagement', 'project', 'projects']),
  attachments: without('people', 'hours'),
  drafts: without('people', 'hours', 'review', 'bundles'),
  draftVersions: new Set(['draft', 'task']),
  submissions: without('hours'),
  receipts: new Set([...oneTask, 'bundles', 'engagement']),
  reviews: without('hours'),
  timeEntries: everything,
  timesheets: new Set(['hours', 'timesheets', 'timesheet', 'engagement', 'task', 'today']),
  timesheetComments: new Set(['timesheet', 'timesheets']),
  timeChangeRequests: new Set(['hours', 'timesheets', 'timesheet', 'timeChanges']),
  quarantinedChanges: new Set(['quarantine']),
  amendments: new Set(['amendment', 'engagement', 'task', 'today', 'hours']),
  questions: new Set(['task', 'asked', 'overview']),
  answers: new Set(['task', 'asked', 'overview']),
  extensionRequests: new Set(['task', 'asked', 'overview']),
  phrases: new Set(['phrase']),
  reviewClaims: new Set(['review']),
  taskTemplates: new Set(['template', 'project']),
  evaluations: new Set(['evaluation', 'engagement']),
  bundleExports: new Set(['bundles']),
  bundleJobs: new Set(['bundles']),
  openBundles: new Set(['bundles']),
  fieldEdits: new Set([...oneTask, 'hours', 'timesheet', 'project', 'engagement']),
};

/** The requests to ask again when rows of these tables changed. */
export function listTopicsOf(tables: readonly string[]): ReadonlySet<DataTopic> {
  const topics = new Set<DataTopic>();
  for (const table of tables)
    for (const topic of topicsByTable[table] ?? everything) topics.add(topic);
  return topics;
}

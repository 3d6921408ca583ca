import type { Shortcut } from '../../frame/shortcuts.ts';

/**
 * What single screens bind, written down once more since those screens do not stand while the page of
 * shortcuts does. A test compares it with what they bind.
 */
export const internShortcuts: readonly Shortcut[] = [
  { keys: ['O'], label: 'Open the next task', group: 'Today' },
  { keys: ['/'], label: 'Find a task', group: 'Tasks' },
  { keys: ['J'], label: 'Next task', group: 'Tasks' },
  { keys: ['K'], label: 'Previous task', group: 'Tasks' },
  { keys: ['S'], label: 'Start or stop the timer on this task', group: 'Task' },
  { keys: ['B'], label: 'Mark the changed brief as seen', group: 'Task' },
  { keys: ['Q'], label: 'Ask a question', group: 'Task' },
  { keys: ['M'], label: 'Ask for more time', group: 'Task' },
  { keys: ['Mod', 'Enter'], label: 'Hand in the work', group: 'Task' },
  { keys: ['A'], label: 'Add time by hand', group: 'Hours' },
  { keys: ['['], label: 'The week, month or year before', group: 'Hours' },
  { keys: [']'], label: 'The week, month or year after', group: 'Hours' },
  { keys: ['T'], label: 'This week', group: 'Hours' },
  { keys: ['1'], label: 'The week as a calendar', group: 'Hours' },
  { keys: ['2'], label: 'The month', group: 'Hours' },
  { keys: ['3'], label: 'The year as a list', group: 'Hours' },
  { keys: ['Mod', 'Z'], label: 'Take the last change back', group: 'Hours' },
  { keys: ['E'], label: 'Export hours', group: 'Hours' },
  { keys: ['I'], label: 'Import hours', group: 'Hours' },
  { keys: ['H'], label: 'Hand in hours', group: 'Timesheets' },
];

export const employerShortcuts: readonly Shortcut[] = [
  { keys: ['J'], label: 'Next submission', group: 'Review' },
  { keys: ['K'], label: 'Previous submission', group: 'Review' },
  { keys: ['A'], label: 'Accept', group: 'Review' },
  { keys: ['R'], label: 'Request changes', group: 'Review' },
  { keys: ['Mod', 'Enter'], label: 'Send the decision', group: 'Review' },
  { keys: ['1', 'to', '9'], label: 'Comment on a criterion', group: 'Review' },
  { keys: ['F'], label: 'Go to the files', group: 'Review' },
  { keys: ['S'], label: 'Score by the rubric', group: 'Review' },
  { keys: ['Mod', '.'], label: 'Insert a saved phrase', group: 'Review' },
  { keys: ['P'], label: 'Promise an answer', group: 'Review' },
  { keys: ['N'], label: 'Propose what is new as an amendment', group: 'Review' },
  { keys: ['D'], label: 'Compare with the revision before', group: 'Review' },
  { keys: ['T'], label: 'Take over the review', group: 'Review' },
  { keys: ['A'], label: 'Accept the first one', group: 'Sent after access ended' },
  { keys: ['D'], label: 'Decline the first one', group: 'Sent after access ended' },
  { keys: ['A'], label: 'Approve the timesheet', group: 'Timesheets' },
  { keys: ['R'], label: 'Return the timesheet', group: 'Timesheets' },
  { keys: ['E'], label: 'Export hours', group: 'Hours' },
  { keys: ['N'], label: 'New project', group: 'Projects' },
  { keys: ['E'], label: 'Edit the project', group: 'Project' },
  { keys: ['I'], label: 'Invite an intern', group: 'Project' },
  { keys: ['E'], label: 'Change the brief', group: 'Task' },
  { keys: ['X'], label: 'Give extra time', group: 'Task' },
  { keys: ['Q'], label: 'Answer the first open question', group: 'Task' },
  { keys: ['N'], label: 'Assign a task', group: 'Engagement' },
  { keys: ['X'], label: 'Export a bundle', group: 'Bundles' },
];

/** On pages that everybody has. */
export const sharedShortcuts: readonly Shortcut[] = [
  { keys: ['J'], label: 'Next one', group: 'What needs attention' },
  { keys: ['K'], label: 'Previous one', group: 'What needs attention' },
  { keys: ['E'], label: 'Edit and send', group: 'What needs attention' },
  { keys: ['D'], label: 'Take off the list', group: 'What needs attention' },
  { keys: ['R'], label: 'Fetch what is new', group: 'History' },
  { keys: ['/'], label: 'Search', group: 'Search' },
];

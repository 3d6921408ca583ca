/** One thing that is kept of an intern's hours: what it is called, which columns hold it, and why it is there. */
export interface LedgerLine {
  readonly title: string;
  readonly why: string;
  readonly columns: readonly string[];
}

export interface LedgerPart {
  readonly title: string;
  /** The table whose rows the employer's devices get. */
  readonly table:
    | 'timeEntries'
    | 'fieldEdits'
    | 'timesheets'
    | 'timesheetComments'
    | 'timeChangeRequests';
  readonly lines: readonly LedgerLine[];
}

const inner: LedgerLine = {
  title: 'Its number and where it belongs',
  why: 'Rows have to be told apart, and only the two sides of an engagement get them.',
  columns: ['orgId', 'id', 'scope'],
};

/**
 * What the employer sees of an intern's hours: everything, and nothing beside it. The page that the intern reads is made
 * from this, and a test holds the columns on the wire against it.
 */
export const hoursLedger: readonly LedgerPart[] = [
  {
    title: 'Each time entry',
    table: 'timeEntries',
    lines: [
      inner,
      {
        title: 'Engagement, task and person',
        why: 'What the time was for, and whose it is.',
        columns: ['engagementId', 'taskId', 'membershipId'],
      },
      {
        title: 'When it began and ended, and the time zone',
        why: 'Its length, and the day it belongs to.',
        columns: ['startedAt', 'endedAt', 'zone'],
      },
      {
        title: 'From the timer, or by hand',
        why: 'How the time was measured.',
        columns: ['source'],
      },
      { title: 'Your note', why: 'What you did, in your words.', columns: ['note'] },
      {
        title: 'When it was recorded and last changed',
        why: 'Nothing is edited silently.',
        columns: ['createdAt', 'updatedAt'],
      },
      {
        title: 'Whether it was deleted, or kept because an edit came after that',
        why: 'A deletion can be taken back, and an edit on another device keeps the entry.',
        columns: ['deletedAt', 'revivedAt'],
      },
      {
        title: 'The timesheet it stands on, and the entry it was split from',
        why: 'So that approved time can be told from the rest.',
        columns: ['timesheetId', 'originId'],
      },
    ],
  },
  {
    title: 'Each edit of an entry',
    table: 'fieldEdits',
    lines: [
      inner,
      {
        title: 'Which entry, and what of it',
        why: 'Its history.',
        columns: ['tableName', 'rowId', 'field'],
      },
      {
        title: 'What was there, and what came in its place',
        why: 'So that it can be put back.',
        columns: ['previousJson', 'nextJson'],
      },
      {
        title: 'Whether the old value had been seen',
        why: 'Two devices may edit at once.',
        columns: ['overwroteUnseen'],
      },
      {
        title: 'Who edited, and when',
        why: 'Nothing is edited silently.',
        columns: ['editedBy', 'editedAt'],
      },
    ],
  },
  {
    title: 'Each timesheet',
    table: 'timesheets',
    lines: [
      inner,
      {
        title: 'Engagement and person',
        why: 'Whose hours they are.',
        columns: ['engagementId', 'membershipId'],
      },
      {
        title: 'Which days, or which task and submission',
        why: 'What was handed in.',
        columns: [
          'kind',
          'startsOn',
          'endsOn',
          'zone',
          'startsAt',
          'endsAt',
          'taskId',
          'submissionId',
        ],
      },
      { title: 'Your note', why: 'What you want said about it.', columns: ['note'] },
      {
        title: 'How the terms round hours',
        why: 'Shown beside the exact time, never stored instead of it.',
        columns: ['roundingMinutes', 'roundingMode', 'roundingPer'],
      },
      {
        title: 'When you handed it in, and what became of it',
        why: 'Where it stands.',
        columns: ['submittedAt', 'state'],
      },
      {
        title: 'Who decided, when, why, and on exactly what',
        why: 'An approval names what was seen.',
        columns: ['decidedBy', 'decidedAt', 'decisionNote', 'contentHash'],
      },
    ],
  },
  {
    title: 'Each comment on an entry',
    table: 'timesheetComments',
    lines: [
      inner,
      {
        title: 'On which entry of which timesheet',
        why: 'What is asked about.',
        columns: ['timesheetId', 'timeEntryId'],
      },
      {
        title: 'The words, who wrote them, and when',
        why: 'For you to answer.',
        columns: ['text', 'createdBy', 'createdAt'],
      },
    ],
  },
  {
    title: 'Each request to change approved time',
    table: 'timeChangeRequests',
    lines: [
      inner,
      {
        title: 'Engagement, timesheet and person',
        why: 'What it is about.',
        columns: ['engagementId', 'timesheetId', 'membershipId'],
      },
      {
        title: 'The change, and your reason',
        why: 'What the employer answers.',
        columns: ['changeJson', 'reason'],
      },
      {
        title: 'Whether it was made before you knew of the approval',
        why: 'Work without a connection is not lost.',
        columns: ['cameLate'],
      },
      { title: 'When you asked', why: 'Who waits for whom.', columns: ['createdAt'] },
      {
        title: 'The answer: who, when and why',
        why: 'For both to see.',
        columns: ['state', 'decidedBy', 'decidedAt', 'decisionNote'],
      },
    ],
  },
];

/** What stays on the intern's own computer, and what is not recorded at all. */
export const keptFromEmployer: readonly string[] = [
  'That the timer is running: the employer sees time once it is recorded.',
  'For how long nobody touched the computer, or the page was out of sight. It is offered to you for removal; the offer stays on this computer.',
  'When Stint was not running or the computer slept, and what you said about it. The employer sees the entries that came of it.',
  'What an hour of the fixed sum comes to: it is worked out on your side alone.',
  'The screen, the keys, the pointer, other windows, places, the camera: nothing in Stint looks at them.',
];

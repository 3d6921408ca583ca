import type { ProjectExample } from './project-example.ts';

export const cleanContactList: ProjectExample = {
  id: 'clean-contact-list',
  category: 'data_entry',
  title: 'Clean our list of contacts',
  summary: 'Two thousand rows from three spreadsheets become one list without doubles.',
  hours: 16,
  days: 21,
  rounds: 1,
  latePolicy:
    'Tell me two days before a deadline and we find another day. A late list is better than a wrong one.',
  brief: `## What this is about

Our contacts live in three spreadsheets that grew apart over six years. Letters come back, and some people get them twice. From May on we send the yearly report from **one** list. You make it.

## What you will hand in

1. \`contacts.csv\` – one row for each organization, UTF-8, with the columns of the sheet “Columns” in the reference files
2. \`doubtful.csv\` – every row that you could not decide, with one sentence on why
3. \`notes.md\` – half a page: what you did, in which order, so that somebody can do it again next year

## What good work looks like here

- Nobody is in the list twice. “Müller GmbH” and “Mueller Gmbh” are one.
- Nothing was guessed. A postcode that does not fit its town goes to \`doubtful.csv\`; it is not “corrected”.
- The number of rows adds up: what went in = what came out + doubles + doubtful.

## What not to do

Do not write to or call anybody in the list, and do not look people up on social networks. Keep the files on your own computer, and delete them when the project ends: they hold personal data.

## Whom to ask, and when you get an answer

Ask on the task. I answer on working days before noon.`,
  rubric: [
    { text: 'No doubles are left in a sample of 100 rows', points: 40 },
    { text: 'The numbers of rows add up', points: 25 },
    { text: 'Doubtful rows are set aside with a reason', points: 20 },
    { text: 'The notes let somebody else do it again', points: 15 },
  ],
  tasks: [
    {
      title: 'A sample of 100 rows',
      instructions: `Take the first 100 rows of each sheet and bring them into the form that the sheet “Columns” describes.

This is to find out early whether we mean the same. **Stop after 100 rows**, hand in, and wait for my answer.`,
      criteria: [
        'One file with the columns as described, in UTF-8',
        'Every change of a value is listed in notes.md as a rule, not row by row',
        'Rows that could not be decided are in doubtful.csv',
      ],
      estimateMinutes: 180,
      dueDays: 4,
    },
    {
      title: 'The whole list',
      instructions: `Apply the rules that we agreed on to all three sheets.

Count the rows before and after each step and write the counts down: that is how both of us know that nothing was lost.`,
      criteria: [
        'contacts.csv holds each organization once',
        'Rows in = rows out + doubles + doubtful, with the four numbers in notes.md',
        'Umlauts and accents are as in the sources',
      ],
      estimateMinutes: 540,
      dueDays: 14,
    },
    {
      title: 'Instructions for next year',
      instructions: `Write for somebody who has never seen the sheets and has one afternoon. Half a page, numbered steps, with the two mistakes that are easiest to make.`,
      criteria: ['At most one page', 'Each step names the file that it begins and ends with'],
      estimateMinutes: 120,
      dueDays: 19,
    },
  ],
};

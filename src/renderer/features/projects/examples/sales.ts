import type { ProjectExample } from './project-example.ts';

export const fiftyLeads: ProjectExample = {
  id: 'fifty-leads',
  category: 'sales',
  title: 'Fifty cafés that could serve our oats',
  summary:
    'A list of fifty businesses worth a visit, each checked against the same five questions.',
  hours: 20,
  days: 28,
  rounds: 1,
  latePolicy:
    'Hand in what you have on the day; ten good ones are worth more than fifty doubtful ones.',
  brief: `## What this is about

In June our two drivers have a free afternoon each week. They will visit cafés and bring samples. Today they would not know where to begin: you give them a list of fifty that are worth the way.

## What you will hand in

A table (CSV) of fifty cafés within 30 km: name, street, town, opening hours, telephone and address from their **own** website, and the five questions answered:

1. Do they serve breakfast?
2. Do they name where their food comes from?
3. What plant drink do they offer, if any?
4. How many seats, about?
5. Why this one? One sentence that the driver can say at the door.

## What good work looks like here

The fifth column is the one that counts. *“Bakes its own bread and writes the mill’s name on the board”* opens a door. *“Nice café”* does not.

## What not to do

Do not call or write to them, and do not collect names or private addresses of people: business contacts from the business’s own website only. In many countries the law sets limits to advertising by e-mail and telephone; the visit is ours to make.

## Whom to ask, and when you get an answer

On the task. I answer in the evening.`,
  rubric: [
    { text: 'Fifty businesses that fit, none twice', points: 30 },
    { text: 'The reason is one that a driver can say at the door', points: 35 },
    { text: 'Contacts come from the business’s own website', points: 20 },
    { text: 'Sorted so that a tour can be driven', points: 15 },
  ],
  tasks: [
    {
      title: 'Ten to begin with',
      instructions: `Ten cafés with all columns. We look at them together and see whether the five questions are the right ones.`,
      criteria: [
        'Ten rows, all columns filled',
        'Each row names the page where the contact stands',
      ],
      estimateMinutes: 240,
      dueDays: 6,
    },
    {
      title: 'The fifty',
      instructions: `Forty more, in the form that we agreed on, sorted by town and then by street, so that one afternoon makes one tour.`,
      criteria: [
        'Fifty rows without doubles',
        'Sorted into tours of at most eight stops',
        'Every reason differs from the others',
      ],
      estimateMinutes: 780,
      dueDays: 22,
    },
    {
      title: 'What you learned',
      instructions: `Half a page for the drivers: what the fifty have in common, and which three you would visit first.`,
      criteria: ['Half a page', 'Three to begin with, and why'],
      estimateMinutes: 90,
      dueDays: 26,
    },
  ],
};

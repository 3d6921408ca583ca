import type { ProjectExample } from './project-example.ts';

export const competitorPrices: ProjectExample = {
  id: 'competitor-prices',
  category: 'research',
  title: 'What the others charge',
  summary:
    'Prices and terms of twelve competitors, each with its source, and one page on what follows.',
  hours: 20,
  days: 28,
  rounds: 2,
  latePolicy: 'If a source cannot be reached, say so and go on; do not wait for it.',
  brief: `## What this is about

We set our prices for next year in the last week of the project. So far we know three competitors by hearsay. After your work we know twelve, with sources that we can check.

## What you will hand in

1. A table (CSV) of twelve competitors: price for a single order, price per month, smallest order, delivery, notice period
2. For each number its **source**: address of the page, date, and a screenshot or PDF of it
3. One page of findings: what surprised you, and what you would do in our place

## What good work looks like here

A number without a source is worth nothing to us, however likely it is. “Not public” is a good answer if you say where you looked.

Good: *“€ 4.90 per bag, from the price list of 3 March (file 07-price-list.pdf, page 2).”*
Not good: *“About five euros.”*

## What not to do

Do not pretend to be a customer, and do not ask for offers that nobody will take. Only what anybody may read.

## Whom to ask, and when you get an answer

Questions on the task; I answer within one working day. If two days pass without a word from me, decide yourself and write down how.`,
  rubric: [
    { text: 'Every number has a source that can be opened', points: 40 },
    { text: 'The table is complete, or says where nothing is public', points: 25 },
    { text: 'The findings follow from the table', points: 25 },
    { text: 'Reads well: short sentences, no padding', points: 10 },
  ],
  tasks: [
    {
      title: 'Choose the twelve',
      instructions: `Make a list of at least twenty candidates and propose twelve of them: those whom our customers would really choose instead of us.

For each candidate one line: who, where, why in or why out.`,
      criteria: ['At least twenty candidates', 'Twelve are proposed, each with a reason'],
      estimateMinutes: 180,
      dueDays: 5,
    },
    {
      title: 'Collect prices and terms',
      instructions: `Fill the table for the twelve that we agreed on. Save the source at the moment when you read it: pages change.

Name the files \`NN-what.pdf\`, with the row’s number first.`,
      criteria: [
        'Twelve rows, all columns filled or “not public”',
        'Each number names its source file and page',
        'Currencies are as on the source, and converted in a column of their own',
      ],
      estimateMinutes: 600,
      dueDays: 18,
    },
    {
      title: 'One page of findings',
      instructions: `What do we learn from the table? Three findings, each with the rows that it rests on, and one thing you would do in our place.`,
      criteria: ['One page', 'Each finding names its rows', 'Says what is still unknown'],
      estimateMinutes: 240,
      dueDays: 25,
    },
  ],
};

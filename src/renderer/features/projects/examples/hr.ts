import type { ProjectExample } from './project-example.ts';

export const onboardingGuide: ProjectExample = {
  id: 'onboarding-guide',
  category: 'hr',
  title: 'A guide for the first week',
  summary: 'What new colleagues ask again and again, answered once, in a guide that stays true.',
  hours: 18,
  days: 28,
  rounds: 2,
  latePolicy:
    'Interviews depend on others. If one falls out, tell me and take the next on the list.',
  brief: `## What this is about

Everybody who starts here asks the same forty questions, and gets a different answer each time. You find out the questions, find the answers, and write a guide that a new colleague reads on the first morning.

You come from outside: that is why you can do this better than we can.

## What you will hand in

1. The questions: a list with who asked and how often
2. The guide: about eight pages in Markdown, in the order of the first five days
3. A list of everything in it that can go out of date, with the person who would know

## What good work looks like here

- It answers what people asked, not what we think they should ask.
- Each page can be read in two minutes.
- A name, an address or a number stands in one place only.

## What not to do

What people tell you in an interview stays without their names. Do not ask about pay, health or private matters, and do not write such things down if they come up.

## Whom to ask, and when you get an answer

Six colleagues have said yes to a conversation of twenty minutes in writing or by phone; their names are in the reference files. For everything else ask on the task, I answer on Mondays and Thursdays.`,
  rubric: [
    { text: 'Answers what new colleagues really asked', points: 35 },
    { text: 'Can be read on the first morning: short, in order', points: 30 },
    { text: 'Nothing personal from the interviews is in it', points: 20 },
    { text: 'What goes out of date is listed', points: 15 },
  ],
  tasks: [
    {
      title: 'Questions for the interviews',
      instructions: `Write the questions that you will put to the six, and the few words with which you introduce yourself. Ten questions at most; the best ones begin with “When did you…”.`,
      criteria: ['At most ten questions', 'None of them can be answered with yes or no'],
      estimateMinutes: 120,
      dueDays: 4,
    },
    {
      title: 'What people ask',
      instructions: `Talk or write to the six. Put their questions into one list, without names, and group what belongs together.`,
      criteria: [
        'At least four of the six have answered',
        'The list says how often each question came up',
        'Nobody can be recognised in it',
      ],
      estimateMinutes: 300,
      dueDays: 14,
    },
    {
      title: 'The guide',
      instructions: `Write it in the order in which somebody needs it: before the first day, the first morning, the first day, the first week.

Where there is no answer yet, write “Open: …” with the question. An honest gap is better than a guess.`,
      criteria: [
        'About eight pages in Markdown',
        'The ten most frequent questions are answered or marked as open',
        'A list of what can go out of date, with a person for each',
      ],
      estimateMinutes: 540,
      dueDays: 25,
    },
  ],
};

import type { ProjectExample } from './project-example.ts';

export const fourPortraits: ProjectExample = {
  id: 'four-portraits',
  category: 'content',
  title: 'Four portraits of our customers',
  summary:
    'Short articles for the website, each with a picture and the consent of the person in it.',
  hours: 24,
  days: 35,
  rounds: 2,
  latePolicy: 'One article may be late if the person had no time. Tell me by the Friday before.',
  brief: `## What this is about

On our website we say that customers like us. Nobody believes that. Four of them have agreed to tell what they really do with our product, the annoying parts included. You write it down.

The articles appear under your name, if you like.

## What you will hand in

For each of the four:

1. An article of 500 to 700 words, in Markdown
2. One picture in landscape, at least 2,000 pixels wide
3. The form of consent, signed, as a PDF

## What good work looks like here

It begins with something that happened, not with a founding year. It has one sentence that only this person would say. It says one thing that we could do better.

Good: *“The first box arrived wet. Jana sent a photo, and then she ordered again.”*
Not good: *“For years they have been placing their trust in innovative solutions.”*

## What not to do

Do not invent quotes, and do not let a program write them. Do not publish anything yourself.

## Whom to ask, and when you get an answer

I read drafts within two working days. The four know about you; their addresses are in the reference files.`,
  rubric: [
    { text: 'Tells something that happened, with a person in it', points: 35 },
    { text: 'Quotes are real and agreed to', points: 25 },
    { text: 'Picture can be printed, and has consent', points: 20 },
    { text: 'Clean language, no slogans', points: 20 },
  ],
  tasks: [
    {
      title: 'First portrait',
      instructions: `Talk to the first person on the list, about thirty minutes. Ask what they did yesterday, not what they think of us.

We go through this one together in two rounds, and find the tone for the other three.`,
      criteria: [
        '500 to 700 words',
        'At least two quotes that the person has seen and agreed to',
        'Picture and signed consent are there',
      ],
      estimateMinutes: 420,
      dueDays: 10,
    },
    {
      title: 'Three more portraits',
      instructions: `The same for the other three, in the tone that we found. Hand each one in as soon as it is done; you need not wait for all of them.`,
      criteria: [
        'Three articles of 500 to 700 words',
        'No two begin in the same way',
        'Pictures and signed consents are there',
      ],
      estimateMinutes: 840,
      dueDays: 30,
    },
    {
      title: 'Headlines and teasers',
      instructions: `For each article two headlines to choose from, and a teaser of at most 160 characters for the front page.`,
      criteria: ['Two headlines each', 'Teasers of at most 160 characters'],
      estimateMinutes: 120,
      dueDays: 33,
    },
  ],
};

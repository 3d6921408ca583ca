/** A template as a manager saves one. */
export const helloTemplate = {
  title: 'Say hello to the makers',
  instructions: 'One short e-mail to each of them.',
  criteria: ['All of them'],
  estimateMinutes: 60,
  dueDays: 2,
  dueTime: '17:00',
};

import { test } from 'vitest';
import { proveOneDevice, proveTwoDevices } from '../../../prove/timer/prove-hours.ts';

// `npm run prove -- hours --runs N --seed S` runs more of the same; a failure names its seed and its shortest steps.
const seed = 20_260_328;

test('starts, stops, edits, splits, merges, kills, sleeps, clocks and zones: no time is lost without the person’s word', async () => {
  await proveOneDevice(25, seed);
});

test('on two computers that do not hear of each other, the sum is the sum of both', async () => {
  await proveTwoDevices(8, seed);
});

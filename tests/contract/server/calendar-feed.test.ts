import ICAL from 'ical.js';
import { expect, test } from 'vitest';
import { computeFeedUrl } from '../../../src/shared/protocol/calendar.ts';
import { endpoints } from '../../../src/shared/protocol/endpoints.ts';
import { listRecords } from '../../support/server/test-database.ts';
import type { TestDevice } from '../../support/server/test-device.ts';
import { createId } from '../../support/server/test-ids.ts';
import { TestOrganization } from '../../support/server/test-organization.ts';
import { startTestServer } from '../../support/server/test-server.ts';

const renew = (device: TestDevice) =>
  device.request<{ secret: string; createdAt: string }>('POST', endpoints.calendar, {});

async function read(url: string, headers: Record<string, string> = {}) {
  const response = await fetch(url, { headers });
  const text = await response.text();
  const events =
    response.status === 200
      ? new ICAL.Component(ICAL.parse(text) as unknown[])
          .getAllSubcomponents('vevent')
          .map((event) => new ICAL.Event(event))
      : [];
  return { status: response.status, headers: response.headers, text, events };
}

test('a calendar gets the open deadlines of its person, and hears of moves and extensions', async () => {
  const server = await startTestServer();
  const organization = await TestOrganization.create(server.url);
  const { owner, orgId } = organization;
  const intern = await organization.addIntern('Ida');
  const other = await organization.addIntern('Otto');
  const { taskId } = await organization.assignTask(intern.engagementId, { title: 'Survey' });
  await organization.assignTask(other.engagementId, { title: 'Not hers' });
  const { secret } = await renew(intern.device);
  const url = computeFeedUrl(server.url, secret);

  const first = await read(url);
  expect(first.headers.get('content-type')).toBe('text/calendar; charset=utf-8');
  expect(first.events.map(({ uid, summary }) => [uid, summary])).toEqual([
    [`${taskId}@deadlines.stint`, 'Due: Survey'],
  ]);
  expect(first.events[0]?.startDate.toJSDate().toISOString()).toBe('2099-12-31T16:00:00.000Z');
  expect(first.text).not.toContain('Not hers');
  const tag = first.headers.get('etag') ?? '';
  expect((await read(url, { 'if-none-match': tag })).status).toBe(304);

  await owner.apply(
    orgId,
    [
      'task.moveDeadline',
      {
        taskId,
        deadlineId: createId(),
        deadline: { wall: '2099-06-30T12:00', zone: 'Europe/Berlin' },
      },
    ],
    ['task.extend', { taskId, extensionId: createId(), days: 1, minutes: 30, reason: '' }],
  );
  const moved = await read(url);
  expect(moved.events[0]?.startDate.toJSDate().toISOString()).toBe('2099-07-01T10:30:00.000Z');
  expect(moved.events[0]?.sequence).toBe(2);
  // The employer's own calendar says whose task it is.
  const desk = await read(computeFeedUrl(server.url, (await renew(owner)).secret));
  expect(desk.events.map(({ summary }) => summary).sort()).toEqual([
    'Due: Not hers (Otto)',
    'Due: Survey (Ida)',
  ]);
  await owner.apply(orgId, ['task.cancel', { taskId }]);
  expect((await read(url)).events).toEqual([]);
});

test('the secret is kept as a hash; made anew, ended, guessed, or with access gone it answers nothing', async () => {
  const server = await startTestServer();
  const organization = await TestOrganization.create(server.url);
  const { owner, orgId } = organization;
  const intern = await organization.addIntern('Ida');
  await organization.assignTask(intern.engagementId, { title: 'Survey' });
  const before = await renew(intern.device);
  const after = await renew(intern.device);
  expect((await read(computeFeedUrl(server.url, before.secret))).status).toBe(404);
  const url = computeFeedUrl(server.url, after.secret);
  expect((await read(url)).events).toHaveLength(1);
  expect(JSON.stringify(await listRecords(server, 'select * from "calendarFeeds"'))).not.toContain(
    after.secret,
  );
  const feed = await intern.device.request<{ createdAt: string; lastUsedAt: string }>(
    'GET',
    endpoints.calendar,
  );
  expect(feed.createdAt).toBe(after.createdAt);
  expect(feed.lastUsedAt).toMatch(/^\d{4}-\d{2}-\d{2}$/);

  await owner.apply(orgId, ['member.remove', { membershipId: intern.membershipId, reason: null }]);
  expect((await read(url)).events).toEqual([]);
  await intern.device.request('DELETE', endpoints.calendar);
  expect((await read(url)).status).toBe(404);
});

test('whoever guesses addresses is slowed down', async () => {
  const server = await startTestServer({
    rateLimits: {
      perAddress: { burst: 3, perMinute: 1 },
      perEmail: { burst: 100, perMinute: 100 },
    },
  });
  const statuses: number[] = [];
  for (let attempt = 0; attempt < 5; attempt += 1)
    statuses.push((await read(computeFeedUrl(server.url, `${attempt}`.repeat(43)))).status);
  expect(statuses).toEqual([404, 404, 404, 429, 429]);
});

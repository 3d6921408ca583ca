import { request } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';
import { expect, onTestFinished, test, vi } from 'vitest';
import { endpoints } from '../../../src/shared/protocol/endpoints.ts';
import { computeSha256, createId } from '../../support/server/test-ids.ts';
import { TestOrganization } from '../../support/server/test-organization.ts';
import { startTestServer } from '../../support/server/test-server.ts';
import { uploadContent } from '../../support/server/upload-content.ts';

const readMetrics = async (url: string, headers: Record<string, string> = {}) => {
  const response = await fetch(`${url}/metrics`, { headers });
  return { status: response.status, response, text: await response.text() };
};

/** The value of one line. */
function findValue(text: string, series: string): number | undefined {
  const line = text.split('\n').find((candidate) => candidate.startsWith(`${series} `));
  return line === undefined ? undefined : Number(line.slice(series.length + 1));
}

test('there are no metrics unless the server was started with them', async () => {
  const { url } = await startTestServer();
  expect((await readMetrics(url)).status).toBe(404);
});

test('without a token metrics are for this machine alone, and for nobody behind a proxy', async () => {
  const { url } = await startTestServer({ metrics: {} });
  const { status, response } = await readMetrics(url);
  expect(status).toBe(200);
  expect(response.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8');
  for (const name of ['x-forwarded-for', 'forwarded', 'via'])
    expect((await readMetrics(url, { [name]: '203.0.113.7' })).status).toBe(404);
});

test('with a token metrics are for whoever brings it, and for nobody else', async () => {
  const { url } = await startTestServer({ metrics: { token: 'a long token' } });
  expect((await readMetrics(url)).status).toBe(404);
  expect((await readMetrics(url, { authorization: 'Bearer another' })).status).toBe(404);
  const known = { authorization: 'Bearer a long token', 'x-forwarded-for': '203.0.113.7' };
  expect((await readMetrics(url, known)).status).toBe(200);
});

test('metrics count what was pushed, pulled and uploaded, and name nobody and nothing', async () => {
  const { url } = await startTestServer({ metrics: {} });
  const { orgId, owner, projectId } = await TestOrganization.create(url, 'Canary Ltd');
  const refused = owner.createMutation('task.cancel', { taskId: createId() });
  await owner.push(orgId, [refused]);
  await owner.push(orgId, [refused]);
  await owner.pull(orgId);
  await uploadContent(owner, orgId, Buffer.from('twelve bytes'));
  const answer = await owner.fetch(endpoints.pokes);
  // Asked for and nowhere: a path of anyone's own making must not become a label.
  await fetch(`${url}/${createId()}`);
  const { text } = await readMetrics(url);
  await answer.body?.cancel();
  const outcome = (name: string) =>
    findValue(text, `stint_push_mutations_total{outcome="${name}"}`);
  expect(outcome('applied')).toBe(1);
  expect(outcome('rejected')).toBe(1);
  expect(outcome('repeated')).toBe(1);
  expect(findValue(text, 'stint_pull_rows_total')).toBe(3);
  expect(findValue(text, 'stint_upload_bytes_total')).toBe(12);
  expect(findValue(text, 'stint_uploads_running')).toBe(0);
  expect(findValue(text, 'stint_poke_listeners')).toBe(1);
  expect(findValue(text, 'stint_organization_lock_wait_seconds_count')).toBeGreaterThanOrEqual(3);
  expect(findValue(text, 'process_resident_memory_bytes')).toBeGreaterThan(1_000_000);
  const push = `method="POST",route="${endpoints.push(':orgId')}"`;
  expect(findValue(text, `stint_http_requests_total{${push},status="200"}`)).toBe(3);
  expect(findValue(text, `stint_http_request_duration_seconds_count{${push}}`)).toBe(3);
  expect(findValue(text, `stint_http_request_duration_seconds_bucket{${push},le="+Inf"}`)).toBe(3);
  for (const secret of [orgId, projectId, 'Canary', owner.token ?? '', 'example.org'])
    expect(text).not.toContain(secret);
  // Every line is a comment or one sample (Prometheus text format 0.0.4).
  for (const line of text.trimEnd().split('\n'))
    expect(line).toMatch(/^(?:# (?:HELP|TYPE) \S+ .+|[a-z0-9_]+(?:\{[^}]*\})? [\d.e+-]+)$/);
});

test('an upload under way is counted as one, and is no stream of pokes', async () => {
  const { url } = await startTestServer({ metrics: {} });
  const { orgId, owner } = await TestOrganization.create(url);
  const content = Buffer.from('twelve bytes');
  const begun = await uploadContent(owner, orgId, content, {
    chunkSizeBytes: 4,
    shouldStop: () => true,
  });
  const sent = request(begun.uploadUrl ?? '', {
    method: 'PATCH',
    headers: {
      authorization: `Bearer ${owner.token}`,
      'tus-resumable': '1.0.0',
      'content-type': 'application/offset+octet-stream',
      'content-length': '8',
      'upload-offset': '4',
    },
  });
  sent.once('error', () => undefined);
  onTestFinished(() => void sent.destroy());
  sent.write('ve ');
  await vi.waitFor(async () => {
    expect(findValue((await readMetrics(url)).text, 'stint_uploads_running')).toBe(1);
  });
  // Counted when its head came; who sends it is looked at a moment later.
  await wait(300);
  const { text } = await readMetrics(url);
  expect(findValue(text, 'stint_uploads_running')).toBe(1);
  expect(findValue(text, 'stint_poke_listeners')).toBe(0);
});

test('bytes of contents are counted however they come: cut off, gone on with, or many small files at once', async () => {
  const { url } = await startTestServer({ metrics: {} });
  const { orgId, owner } = await TestOrganization.create(url);
  const content = Buffer.from('twelve bytes');
  const { uploadUrl } = await uploadContent(owner, orgId, content, {
    chunkSizeBytes: 4,
    shouldStop: () => true,
  });
  const sent = request(uploadUrl ?? '', {
    method: 'PATCH',
    headers: {
      authorization: `Bearer ${owner.token}`,
      'tus-resumable': '1.0.0',
      'content-type': 'application/offset+octet-stream',
      'content-length': '8',
      'upload-offset': '4',
    },
  });
  sent.once('error', () => undefined);
  sent.write('ve ');
  await wait(300);
  sent.destroy();
  await vi.waitFor(async () => {
    const { text } = await readMetrics(url);
    expect(findValue(text, 'stint_upload_bytes_total')).toBe(7);
  });
  await uploadContent(owner, orgId, content, { uploadUrl: uploadUrl ?? '' });
  const small = Buffer.from('small');
  const header = Buffer.from(
    JSON.stringify({ files: [{ sha256: computeSha256(small), sizeBytes: small.byteLength }] }),
  );
  const length = Buffer.alloc(4);
  length.writeUInt32BE(header.byteLength);
  const answer = await owner.fetch(endpoints.smallFiles(orgId), {
    method: 'POST',
    headers: { 'content-type': 'application/octet-stream' },
    body: new Uint8Array(Buffer.concat([length, header, small])),
  });
  expect(await answer.json()).toEqual({ arrived: [computeSha256(small)] });
  const { text } = await readMetrics(url);
  expect(findValue(text, 'stint_upload_bytes_total')).toBe(17);
});

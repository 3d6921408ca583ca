// The least that a tus client can be: sends a file in one request, and fetches it again. Run in a process of its own,
// as a workspace is. Prints how long both took in a line of JSON.
import { createReadStream, createWriteStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { type ClientRequest, type IncomingMessage, request } from 'node:http';
import { pipeline } from 'node:stream/promises';

const [endpoint = '', source = '', target = ''] = process.argv.slice(2);
const version = { 'tus-resumable': '1.0.0' };

async function hear(call: ClientRequest): Promise<IncomingMessage> {
  return await new Promise((resolve, reject) => {
    call.once('response', resolve);
    call.once('error', reject);
  });
}

async function expectStatus(call: ClientRequest, status: number): Promise<IncomingMessage> {
  const answer = await hear(call);
  if (answer.statusCode !== status)
    throw new Error(`the bare tus server answered ${answer.statusCode}, not ${status}`);
  return answer;
}

async function upload(): Promise<string> {
  const { size } = await stat(source);
  const created = request(endpoint, {
    method: 'POST',
    headers: { ...version, 'upload-length': size },
  });
  created.end();
  const { headers } = (await expectStatus(created, 201)).resume();
  const url = new URL(headers.location ?? '', endpoint).href;
  const patch = request(url, {
    method: 'PATCH',
    headers: {
      ...version,
      'upload-offset': 0,
      'content-type': 'application/offset+octet-stream',
      'content-length': size,
    },
  });
  const answered = expectStatus(patch, 204);
  await pipeline(createReadStream(source), patch);
  (await answered).resume();
  return url;
}

const beganMs = performance.now();
const url = await upload();
const sentMs = performance.now();
const fetched = request(url);
fetched.end();
await pipeline(await expectStatus(fetched, 200), createWriteStream(target));
console.log(JSON.stringify({ uploadMs: sentMs - beganMs, downloadMs: performance.now() - sentMs }));
process.exit();

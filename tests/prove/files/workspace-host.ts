// A process with the real engine that hands a file in, or fetches one, when a line on standard input says so. It may be
// killed at any moment, and started again. Says in lines of JSON what moves.
import { createInterface } from 'node:readline';
import { openDemoWorkspace } from '../../../src/cli/demo/demo-workspace.ts';
import { askEngine } from '../../../src/main/sample/ask-engine.ts';

export type HostCommand =
  | { readonly handIn: string }
  | { readonly fetch: true }
  | { readonly end: true };

export interface Moved {
  readonly direction: 'up' | 'down';
  readonly movedBytes: number;
  readonly sizeBytes: number;
}

const lookMs = 40;
const [folder = ''] = process.argv.slice(2);
const say = (line: object): void => void process.stdout.write(`${JSON.stringify(line)}\n`);
const { engine, close } = await openDemoWorkspace(folder, 'Europe/Lisbon', '0.0.0-proof');
const [seat] = (await askEngine(engine, 'app.state', {})).seats;
if (seat === undefined) throw new Error('the workspace has no seat');
const { seatId } = seat;

async function getTaskId(): Promise<string> {
  const { items } = await askEngine(engine, 'tasks.list', { seatId });
  const [task] = items;
  if (task === undefined) throw new Error('the workspace has no task');
  return task.taskId;
}

async function handIn(path: string): Promise<void> {
  const taskId = await getTaskId();
  const { stagedId, sha256 } = await askEngine(engine, 'files.importPath', { path });
  await askEngine(engine, 'draft.attach', { seatId, taskId, stagedId });
  await askEngine(engine, 'submission.create', { seatId, taskId });
  say({ handedIn: sha256 });
}

/** Asks until the submission is there with its file, and the file is here; whatever fails is tried again. */
async function fetchFile(): Promise<void> {
  for (;;) {
    const { waiting } = await askEngine(engine, 'review.queue', { seatId });
    const file = waiting[0]?.submission.files[0];
    if (file !== undefined) {
      const fetched = await askEngine(engine, 'files.fetch', {
        seatId,
        attachmentId: file.attachmentId,
      }).catch((error: Error) => {
        say({ failed: error.message });
        return undefined;
      });
      if (fetched?.isHere === true) {
        const { path } = await engine.openAttachment(seatId, file.attachmentId);
        say({ fetched: path });
        return;
      }
    }
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
}

createInterface({ input: process.stdin }).on('line', (line) => {
  const command = JSON.parse(line) as HostCommand;
  const fail = (error: unknown) => say({ problem: String(error) });
  if ('handIn' in command) void handIn(command.handIn).catch(fail);
  else if ('fetch' in command) void fetchFile().catch(fail);
  else void close().then(() => process.exit());
});

let wasMoving = false;
setInterval(() => {
  void askEngine(engine, 'sync.waiting', {}).then(({ transfers }) => {
    const moving = transfers.filter(({ state }) => state === 'moving');
    const waiting = transfers.filter(({ direction }) => direction === 'up').length;
    if (moving.length === 0 && !wasMoving) return;
    wasMoving = moving.length > 0;
    say({ moved: moving, waiting });
  });
}, lookMs);
say({ ready: process.pid });

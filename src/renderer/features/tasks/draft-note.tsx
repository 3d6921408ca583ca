import { useEffect, useEffectEvent, useState } from 'react';
import { request } from '../../client/host.ts';
import { invalidateSoon } from '../../client/queries.ts';
import { MarkdownEditor } from '../../ui/markdown-editor.tsx';
import { DraftNoteWriter, type NoteState } from './draft-note-writer.ts';
import { patchTask, type TaskKey } from './use-task.ts';
import styles from './draft-note.module.css';

const keptKey = ({ seatId, taskId }: TaskKey) => `stint.note.${seatId}.${taskId}`;

function keepText(key: TaskKey, text: string | undefined): void {
  if (text === undefined) localStorage.removeItem(keptKey(key));
  else localStorage.setItem(keptKey(key), text);
}

async function sendText(key: TaskKey, note: string): Promise<void> {
  await request('draft.writeNote', { ...key, note });
  await patchTask(key, (task) =>
    task.draft === null ? task : { ...task, draft: { ...task.draft, note } },
  );
  invalidateSoon(
    (query) => query.queryKey[0] === 'task.get' || query.queryKey[0] === 'sync.status',
  );
}

const stateTexts: Record<NoteState, string> = {
  saved: 'Saved on this computer',
  unsaved: 'Saving…',
  failed: 'Not saved yet; it is kept here and tried again',
};

export interface DraftNoteProps extends TaskKey {
  /** As the workspace has it. */
  readonly note: string;
  /** Given the function that saves what was typed at once, to be called before a submission. */
  readonly onReady: (flush: () => Promise<void>) => void;
  readonly onSubmit: () => void;
}

/** The note of a draft, saved as it is typed. Mounted anew (`key`) for each task. */
export function DraftNote({ seatId, taskId, note, onReady, onSubmit }: DraftNoteProps) {
  const [state, setState] = useState<NoteState>();
  // The editor keeps its own text; it is given another only when one came from elsewhere.
  const [adopted, setAdopted] = useState<{ readonly text: string; readonly turn: number }>();
  const [writer] = useState(() =>
    createWriter({ seatId, taskId }, note, setState, (text) =>
      setAdopted((earlier) => ({ text, turn: (earlier?.turn ?? 0) + 1 })),
    ),
  );
  const [firstText] = useState(() => writer.text);
  const handleReady = useEffectEvent(onReady);

  useEffect(() => {
    writer.adopt(note);
  }, [note, writer]);

  useEffect(() => {
    const flush = () => void writer.flush();
    // What a window that died could not save any more.
    flush();
    handleReady(() => writer.flush());
    globalThis.addEventListener('pagehide', flush);
    return () => {
      globalThis.removeEventListener('pagehide', flush);
      flush();
    };
  }, [writer]);

  return (
    <div className={styles.note} onBlur={() => void writer.flush()}>
      <MarkdownEditor
        key={adopted?.turn ?? 0}
        label="Note to the employer"
        value={adopted?.text ?? firstText}
        onChange={(text) => writer.type(text)}
        placeholder="What you did, what you found, what you are unsure about"
        minRows={4}
        onSubmit={onSubmit}
      />
      <output className={styles.state} aria-live="polite">
        {state === undefined ? 'Saved as you type' : stateTexts[state]}
      </output>
    </div>
  );
}

function createWriter(
  key: TaskKey,
  note: string,
  onState: (state: NoteState) => void,
  onAdopted: (text: string) => void,
): DraftNoteWriter {
  const writer = new DraftNoteWriter(note, {
    send: (text) => sendText(key, text),
    keep: (text) => keepText(key, text),
    setTimer: (run, delayMs) => {
      const timer = setTimeout(run, delayMs);
      return () => clearTimeout(timer);
    },
    nowMs: () => performance.now(),
    onState,
    onAdopted,
  });
  const kept = localStorage.getItem(keptKey(key));
  if (kept !== null) writer.restore(kept);
  return writer;
}

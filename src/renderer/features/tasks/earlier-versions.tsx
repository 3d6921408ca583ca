import { useState, type ReactNode } from 'react';
import { History } from 'lucide-react';
import type { FileVersion, NoteVersion } from '../../../shared/contract/shapes.ts';
import { computeReadableName } from '../../../shared/domain/hidden-characters.ts';
import { isolate } from '../../../shared/domain/isolate.ts';
import { useAction, useRequest } from '../../client/use-request.ts';
import { formatDateTime } from '../../format/date-time.ts';
import { formatBytes, formatPlural } from '../../format/numbers.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { FileName } from '../../ui/file-name.tsx';
import { showToast } from '../../ui/toast.tsx';
import type { TaskKey } from './use-task.ts';
import styles from './earlier-versions.module.css';

export interface EarlierVersionsProps extends TaskKey {
  /** Saves what was typed last, so that it is kept before an earlier note takes its place. */
  readonly flushNote: () => Promise<void>;
}

/** What the draft held before: replaced and removed files, and earlier notes. Until the work is handed in. */
export function EarlierVersions({ seatId, taskId, flushNote }: EarlierVersionsProps) {
  const [isOpen, setIsOpen] = useState(false);
  const versions = useRequest('draft.listVersions', { seatId, taskId });
  const { notes, files } = versions.data ?? { notes: [], files: [] };
  const count = notes.length + files.length;
  if (count === 0 && !isOpen) return null;
  const close = () => setIsOpen(false);
  return (
    <>
      <div>
        <Button variant="quiet" size="small" icon={<History />} onPress={() => setIsOpen(true)}>
          {formatPlural(count, 'earlier version…', 'earlier versions…')}
        </Button>
      </div>
      <Dialog isOpen={isOpen} onOpenChange={setIsOpen} title="Earlier versions" size="medium">
        <div className={styles.all}>
          <p className={styles.hint}>
            Kept until you hand the work in, for you alone. What you bring back takes the place of
            what stands there now, which is kept in its turn.
          </p>
          {count === 0 ? <p className={styles.hint}>Nothing was replaced or removed.</p> : null}
          {files.length === 0 ? null : (
            <Versions title="Files">
              {files.map((version) => (
                <FileEntry
                  key={version.file.attachmentId}
                  seatId={seatId}
                  version={version}
                  onBack={close}
                />
              ))}
            </Versions>
          )}
          {notes.length === 0 ? null : (
            <Versions title="Note">
              {notes.map((version) => (
                <NoteEntry
                  key={version.versionId}
                  seatId={seatId}
                  taskId={taskId}
                  version={version}
                  flushNote={flushNote}
                  onBack={close}
                />
              ))}
            </Versions>
          )}
        </div>
      </Dialog>
    </>
  );
}

function Versions({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  return (
    <section className={styles.kind}>
      <h3 className={styles.title}>{title}</h3>
      <ul className={styles.versions}>{children}</ul>
    </section>
  );
}

interface FileEntryProps {
  readonly onBack: () => void;
  readonly seatId: string;
  readonly version: FileVersion;
}

function FileEntry({ seatId, version, onBack }: FileEntryProps) {
  const { file, isReplaced, attachedAt, replacedAt } = version;
  const name = computeReadableName(file.name);
  const bringBack = useAction('draft.detach', {
    failure: `“${isolate(name)}” did not come back`,
    onSuccess: () => {
      onBack();
      showToast({ title: `“${isolate(name)}” is part of this work again` });
    },
  });
  return (
    <li className={styles.version}>
      <div className={styles.what}>
        <FileName name={file.name} />
        <span className={styles.facts}>
          {formatBytes(file.sizeBytes)}, added {formatDateTime(attachedAt)},{' '}
          {isReplaced ? 'replaced' : 'removed'} {formatDateTime(replacedAt)}
        </span>
      </div>
      <Button
        size="small"
        isDisabled={bringBack.isPending}
        aria-label={`Bring back “${isolate(name)}” of ${formatDateTime(attachedAt)}`}
        onPress={() =>
          bringBack.mutate({ seatId, attachmentId: file.attachmentId, detached: false })
        }
      >
        Bring back
      </Button>
    </li>
  );
}

interface NoteEntryProps extends EarlierVersionsProps {
  readonly onBack: () => void;
  readonly version: NoteVersion;
}

function NoteEntry({ seatId, taskId, version, flushNote, onBack }: NoteEntryProps) {
  const { versionId, note, writtenAt, isConcurrent } = version;
  const bringBack = useAction('draft.bringBackNote', {
    failure: 'The earlier note did not come back',
    onSuccess: () => {
      onBack();
      showToast({ title: 'The earlier note is back' });
    },
  });
  return (
    <li className={styles.version}>
      <div className={styles.what}>
        <p className={styles.note}>{note}</p>
        <span className={styles.facts}>
          Written {formatDateTime(writtenAt)}
          {isConcurrent ? ', while another was being written on another device' : ''}
        </span>
      </div>
      <Button
        size="small"
        isDisabled={bringBack.isPending}
        aria-label={`Bring back the note of ${formatDateTime(writtenAt)}`}
        onPress={async () => {
          await flushNote();
          bringBack.mutate({ seatId, taskId, versionId });
        }}
      >
        Bring back
      </Button>
    </li>
  );
}

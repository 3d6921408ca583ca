import { Check, ChevronDown, CloudDownload, HardDrive } from 'lucide-react';
import type { Offline } from '../../../shared/contract/file-requests.ts';
import { useAction, useRequest } from '../../client/use-request.ts';
import { formatBytes, formatCount, formatPlural } from '../../format/numbers.ts';
import { Button } from '../../ui/button.tsx';
import { Menu } from '../../ui/menu.tsx';
import { Row } from '../../ui/stack.tsx';
import { showToast } from '../../ui/toast.tsx';
import styles from './task-files-place.module.css';
import { TaskSection } from './task-section.tsx';
import type { TaskKey } from './use-task.ts';

/** How many of a task's files are on this computer, whether they stay, and what to do about it. */
export function TaskFilesPlace({ seatId, taskId }: TaskKey) {
  const offline = useRequest('files.offline', { seatId, taskId });
  if (offline.data === undefined || offline.data.files === 0) return null;
  const { files, filesHere, sizeBytes, bytesHere } = offline.data;
  const isAllHere = filesHere === files;
  return (
    <TaskSection
      title="Files on this computer"
      aside={
        isAllHere
          ? formatBytes(sizeBytes)
          : `${formatBytes(bytesHere)} of ${formatBytes(sizeBytes)}`
      }
    >
      <Row isSpread>
        <p className={styles.place}>
          <HardDrive aria-hidden />
          <span>
            {describeWhere(offline.data)}, {describeStay(offline.data)}
          </span>
        </p>
        <PlaceActions seatId={seatId} taskId={taskId} offline={offline.data} />
      </Row>
    </TaskSection>
  );
}

/** How many of the files are here: of one file alone, no "all". */
export function describeWhere({ files, filesHere }: Pick<Offline, 'files' | 'filesHere'>): string {
  if (filesHere < files)
    return `${formatCount(filesHere)} of ${formatPlural(files, 'file is', 'files are')} here`;
  return files === 1 ? 'The file is here' : `All ${formatCount(files)} files are here`;
}

function describeStay({ isPinned, isKept }: Offline): string {
  if (isPinned === true) return 'kept until you say otherwise.';
  if (isPinned === false) return 'the others are fetched when you open them.';
  return isKept ? 'kept as long as the task is due.' : 'until you free up space.';
}

function PlaceActions({ seatId, taskId, offline }: TaskKey & { readonly offline: Offline }) {
  const fetchTask = useAction('files.fetchTask', { failure: 'Not all files came' });
  const keep = useAction('files.keepOffline', {
    failure: 'The files stay as they were',
    onSuccess: ({ freedBytes }, { frees }) => {
      if (frees !== true) return;
      showToast({
        title:
          freedBytes === 0
            ? 'Nothing could be removed'
            : `${formatBytes(freedBytes)} are free again`,
        description:
          freedBytes === 0
            ? 'What is on this computer alone, or belongs to other work here, stays.'
            : 'The files are on the server, and come back when you open them.',
      });
    },
  });
  const { isPinned, filesHere, filesOnServer, files } = offline;
  const choose =
    (wanted: boolean | null, frees = false) =>
    () =>
      keep.mutate({ seatId, taskId, isPinned: wanted, frees });
  const mark = (isChosen: boolean) => ({
    icon: <Check {...(isChosen ? {} : { visibility: 'hidden' })} />,
  });
  return (
    <Row>
      {filesHere < Math.min(files, filesOnServer) ? (
        <Button
          size="small"
          icon={<CloudDownload />}
          isPending={fetchTask.isPending}
          onPress={() => fetchTask.mutate({ seatId, taskId })}
        >
          Download now
        </Button>
      ) : null}
      <Menu
        label="How long the files stay"
        placement="bottom end"
        trigger={
          <Button size="small" variant="quiet" icon={<ChevronDown />} isDisabled={keep.isPending}>
            Keep…
          </Button>
        }
        items={[
          {
            id: 'due',
            label: 'As long as the task is due',
            ...mark(isPinned === null),
            onAction: choose(null),
          },
          {
            id: 'always',
            label: 'Always available offline',
            description: 'Large files as well',
            ...mark(isPinned === true),
            onAction: choose(true),
          },
          {
            id: 'free',
            label: 'Free the space',
            description: 'They stay on the server',
            ...mark(isPinned === false),
            onAction: choose(false, true),
          },
        ]}
      />
    </Row>
  );
}

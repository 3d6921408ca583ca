import { HardDrive, Pause, Play, Trash2, X } from 'lucide-react';
import type { ImportProgress, TransferState } from '../../../shared/contract/file-requests.ts';
import type { Transfer } from '../../../shared/contract/sync-requests.ts';
import { computeReadableName } from '../../../shared/domain/hidden-characters.ts';
import { isolate } from '../../../shared/domain/isolate.ts';
import { useAction, useRequest } from '../../client/use-request.ts';
import { formatDuration } from '../../format/duration.ts';
import { formatBytes, formatPlural } from '../../format/numbers.ts';
import { Button, IconButton } from '../../ui/button.tsx';
import { Menu } from '../../ui/menu.tsx';
import { Notice } from '../../ui/notice.tsx';
import { Section } from '../../ui/panes.tsx';
import { showToast } from '../../ui/toast.tsx';
import { ProgressBar, TransferProgress } from '../../ui/progress-bar.tsx';
import { Row, Stack } from '../../ui/stack.tsx';
import styles from './waiting-screen.module.css';

/** A folder of a thousand files is said in a number. */
const shownAtFirst = 20;

/** Files being taken in, sent and fetched: how far, how fast, how long still; with a pause, and an end for each. */
export function TransfersSection({ transfers }: { readonly transfers: readonly Transfer[] }) {
  const state = useRequest('transfers.state', {});
  const imports = useRequest('files.imports', {});
  const running = imports.data ?? [];
  const isPaused = state.data !== undefined && state.data.pausedBecause !== null;
  const count = transfers.length + running.length;
  const restCount = transfers.length - shownAtFirst;
  if (count === 0 && !isPaused) return null;
  return (
    <Section title={count === 0 ? 'Files are paused' : `Files on their way: ${count}`}>
      <Stack gap={2}>
        {state.data === undefined ? null : <Movement state={state.data} />}
        {running.map((each) => (
          <ImportLine key={each.importId} progress={each} />
        ))}
        {transfers.slice(0, shownAtFirst).map((transfer) => (
          <TransferLine
            key={`${transfer.seatId}:${transfer.direction}:${transfer.sha256}`}
            transfer={transfer}
          />
        ))}
        {restCount > 0 ? (
          <p className={styles.quiet}>
            and {formatPlural(restCount, 'more file', 'more files')}, small ones first
          </p>
        ) : null}
      </Stack>
    </Section>
  );
}

function Movement({ state }: { readonly state: TransferState }) {
  const pause = useAction('transfers.pause', { failure: 'Files still move' });
  const resume = useAction('transfers.resume', { failure: 'Files do not move yet' });
  const { pausedBecause, roomProblem } = state;
  return (
    <Stack gap={1}>
      <Row isSpread>
        <p className={styles.quiet}>{describeMovement(state)}</p>
        {pausedBecause === null ? (
          <Button size="small" icon={<Pause />} onPress={() => pause.mutate({})}>
            Pause files
          </Button>
        ) : (
          <Button size="small" icon={<Play />} onPress={() => resume.mutate({})}>
            Let files move
          </Button>
        )}
      </Row>
      {roomProblem === null ? null : <Notice tone="warning" title={roomProblem} isLive />}
    </Stack>
  );
}

function describeMovement({ pausedBecause, up, down }: TransferState): string {
  if (pausedBecause === 'metered')
    return 'Files wait, since data are paid by volume on this connection. Changes are sent in any case.';
  if (pausedBecause === 'person')
    return 'Files wait until you let them move. Changes are sent in any case.';
  const parts = [describeDirection('to send', up), describeDirection('to fetch', down)].filter(
    (part) => part !== undefined,
  );
  return parts.length === 0 ? 'No file waits for the server.' : `${parts.join('; ')}.`;
}

function describeDirection(
  what: string,
  { waitingFiles, waitingBytes, bytesPerSecond, secondsLeft }: TransferState['up'],
): string | undefined {
  if (waitingFiles === 0) return undefined;
  const amount = `${formatPlural(waitingFiles, 'file', 'files')} ${what}, ${formatBytes(waitingBytes)}`;
  const rate = bytesPerSecond > 0 ? ` at ${formatBytes(bytesPerSecond)}/s` : '';
  const left = secondsLeft === null ? '' : `, ${formatDuration(secondsLeft * 1000, 'coarse')} left`;
  return `${amount}${rate}${left}`;
}

function ImportLine({ progress }: { readonly progress: ImportProgress }) {
  const { importId, sizeBytes, movedBytes, bytesPerSecond, state } = progress;
  const name = computeReadableName(progress.name);
  const cancel = useAction('files.cancelImport', {
    failure: `“${isolate(name)}” is still being added`,
  });
  return (
    <TransferProgress
      label={`Adding ${isolate(name)}`}
      sentBytes={movedBytes}
      totalBytes={sizeBytes ?? movedBytes}
      {...(bytesPerSecond === null ? {} : { rate: bytesPerSecond })}
      {...(state === 'waiting_for_room'
        ? {
            detail: 'The disk is full. Make room, and it goes on by itself; nothing else was lost.',
          }
        : {})}
      action={
        <IconButton
          size="small"
          label={`Cancel adding “${isolate(name)}”`}
          icon={<X />}
          onPress={() => cancel.mutate({ importId })}
        />
      }
    />
  );
}

function TransferLine({ transfer }: { readonly transfer: Transfer }) {
  const { direction, sizeBytes, movedBytes, bytesPerSecond, state } = transfer;
  const name = computeReadableName(transfer.name);
  const action = transfer.isStoppable ? <StopButton transfer={transfer} name={name} /> : null;
  if (state === 'failed')
    return (
      <Notice
        tone="warning"
        title={`${isolate(name)}: ${formatBytes(movedBytes)} of ${formatBytes(sizeBytes)}`}
        action={action}
      >
        {transfer.problem ?? 'The transfer broke off.'}
        {transfer.needsFile ? '.' : ' It goes on from there by itself.'}
      </Notice>
    );
  if (state === 'waiting')
    return (
      <ProgressBar
        label={name}
        value={movedBytes}
        total={sizeBytes}
        amount={`${formatBytes(sizeBytes)}, waits`}
        action={action}
      />
    );
  return (
    <TransferProgress
      label={`${direction === 'up' ? 'Sending' : 'Fetching'} ${isolate(name)}`}
      sentBytes={movedBytes}
      totalBytes={sizeBytes}
      {...(bytesPerSecond === null ? {} : { rate: bytesPerSecond })}
      action={action}
    />
  );
}

/** What is fetched ends at once; of what is sent the person says whether it stays in the draft. */
function StopButton({ transfer, name }: { readonly transfer: Transfer; readonly name: string }) {
  const { seatId, sha256, direction } = transfer;
  const cancel = useAction('transfers.cancelFetch', {
    failure: `“${isolate(name)}” is still coming`,
  });
  const end = useAction('transfers.cancelUpload', {
    failure: `“${isolate(name)}” is still being sent`,
    onSuccess: ({ wasCancelled }) => {
      if (!wasCancelled)
        showToast({
          title: `“${isolate(name)}” had arrived already`,
          description:
            'The server has it, with your draft. Nobody else sees it before you hand it in.',
        });
    },
  });
  if (direction === 'down')
    return (
      <IconButton
        size="small"
        label={`Stop fetching “${isolate(name)}”`}
        icon={<X />}
        onPress={() => cancel.mutate({ seatId, sha256 })}
      />
    );
  const stop = (removesFromDraft: boolean) => () =>
    end.mutate({ seatId, sha256, removesFromDraft });
  return (
    <Menu
      label={`Stop sending “${isolate(name)}”`}
      placement="bottom end"
      trigger={
        <IconButton
          size="small"
          label={`Stop sending “${isolate(name)}”`}
          icon={<X />}
          isPending={end.isPending}
        />
      }
      items={[
        {
          id: 'keep',
          label: 'Stop, and keep it in the draft',
          description: 'It stays on this computer, and goes up when you hand it in',
          icon: <HardDrive />,
          onAction: stop(false),
        },
        {
          id: 'remove',
          label: 'Stop, and remove it from the draft',
          description: 'The draft’s earlier versions can bring it back',
          icon: <Trash2 />,
          onAction: stop(true),
        },
      ]}
    />
  );
}

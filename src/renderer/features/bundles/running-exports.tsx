import { Copy, Download, Pause, Play, X } from 'lucide-react';
import type { BundleJob } from '../../../shared/contract/bundle-requests.ts';
import { hostPaths } from '../../../shared/contract/carriers.ts';
import { useAction } from '../../client/use-request.ts';
import { formatBytes } from '../../format/numbers.ts';
import { Button, IconButton } from '../../ui/button.tsx';
import { Notice } from '../../ui/notice.tsx';
import { TransferProgress } from '../../ui/progress-bar.tsx';
import { useCopyText } from '../../ui/use-copy-text.tsx';
import styles from './bundles.module.css';

export interface RunningExportsProps {
  readonly seatId: string;
  readonly jobs: readonly BundleJob[];
  readonly describe: (engagementIds: readonly string[]) => string;
}

/** Exports under way, those that rest, and how the last ones ended. */
export function RunningExports({ seatId, jobs, describe }: RunningExportsProps) {
  return (
    <ul className={styles.jobs} aria-label="Exports under way">
      {jobs.map((job) => (
        <li key={job.jobId}>
          <RunningExport seatId={seatId} job={job} about={describe(job.engagementIds)} />
        </li>
      ))}
    </ul>
  );
}

interface RunningExportProps {
  readonly seatId: string;
  readonly job: BundleJob;
  readonly about: string;
}

function RunningExport({ seatId, job, about }: RunningExportProps) {
  const { jobId, engagementIds, options, state } = job;
  const end = useAction('bundle.end', { failure: 'The export was not cancelled' });
  const pause = useAction('bundle.pause', { failure: 'The export was not paused' });
  const resume = useAction('bundle.resume', { failure: 'The export does not go on' });
  const begin = useAction('bundle.begin', { failure: 'The export did not begin' });
  const cancel = (
    <IconButton
      size="small"
      label={`Cancel the export of ${about}`}
      icon={<X />}
      onPress={() => end.mutate({ seatId, jobId })}
    />
  );
  switch (state.kind) {
    case 'running':
      return (
        <TransferProgress
          label={`${state.phase === 'fetching' ? 'Fetching files of' : 'Exporting'} ${about}`}
          sentBytes={state.doneBytes}
          totalBytes={state.totalBytes}
          {...(state.bytesPerSecond === null ? {} : { rate: state.bytesPerSecond })}
          action={
            <>
              <IconButton
                size="small"
                label={`Pause the export of ${about}`}
                icon={<Pause />}
                onPress={() => pause.mutate({ seatId, jobId })}
              />
              {cancel}
            </>
          }
        />
      );
    case 'paused':
      return (
        <TransferProgress
          label={`Paused: ${about}`}
          sentBytes={state.doneBytes}
          totalBytes={state.totalBytes}
          action={
            <>
              <IconButton
                size="small"
                label={`Go on with the export of ${about}`}
                icon={<Play />}
                onPress={() => resume.mutate({ seatId, jobId })}
              />
              {cancel}
            </>
          }
        />
      );
    case 'waiting_for_room':
      return (
        <Notice
          tone="warning"
          title="The disk is full"
          action={<Button onPress={() => end.mutate({ seatId, jobId })}>Cancel the export</Button>}
        >
          The export of {about} goes on by itself as soon as there is room. Nothing is lost.
        </Notice>
      );
    case 'failed':
      return (
        <Notice
          tone="negative"
          title={`${about} was not exported`}
          isLive
          action={
            <>
              <Button
                onPress={() => {
                  begin.mutate({ seatId, engagementIds, options });
                  end.mutate({ seatId, jobId });
                }}
              >
                Try again
              </Button>
              <Button variant="quiet" onPress={() => end.mutate({ seatId, jobId })}>
                Dismiss
              </Button>
            </>
          }
        >
          {state.message}. The work itself is unchanged.
        </Notice>
      );
    case 'done':
      return <Done state={state} onDismiss={() => end.mutate({ seatId, jobId })} />;
  }
}

interface DoneProps {
  readonly state: Extract<BundleJob['state'], { kind: 'done' }>;
  readonly onDismiss: () => void;
}

function Done({ state, onDismiss }: DoneProps) {
  const { fileName, path, sizeBytes, sha256, missing } = state;
  const { copyText, fallback } = useCopyText();
  const isOne = missing.length === 1;
  return (
    <>
      <Notice
        tone={missing.length === 0 ? 'positive' : 'warning'}
        title={fileName}
        isLive
        action={
          <span className={styles.doneActions}>
            <a className={styles.save} href={hostPaths.exported(fileName)} download={fileName}>
              <Download aria-hidden /> Save
            </a>
            <IconButton label="Dismiss" icon={<X />} onPress={onDismiss} />
          </span>
        }
      >
        {missing.length === 0 ? null : (
          <p>
            {isOne ? 'One file is' : `${missing.length} files are`} missing: {missing.join(', ')}.{' '}
            {isOne ? 'It has' : 'They have'} not reached the server or could not be fetched. The
            bundle says so; export it again when {isOne ? 'it is' : 'they are'} here.
          </p>
        )}
        <dl className={styles.facts}>
          <dt>Size</dt>
          <dd>{formatBytes(sizeBytes)}</dd>
          <dt>SHA-256</dt>
          <dd className={styles.hashLine}>
            <code className={styles.hash}>{sha256}</code>
            <IconButton
              label="Copy the hash"
              icon={<Copy />}
              size="small"
              onPress={() => copyText(sha256, 'Hash')}
            />
          </dd>
          <dt>Kept at</dt>
          <dd>
            <code className={styles.hash}>{path}</code>
          </dd>
        </dl>
      </Notice>
      {fallback}
    </>
  );
}

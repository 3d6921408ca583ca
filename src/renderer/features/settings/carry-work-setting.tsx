import { useState } from 'react';
import { PackageOpen } from 'lucide-react';
import { hostPaths } from '../../../shared/contract/carriers.ts';
import type { RequestOutput } from '../../../shared/contract/contract.ts';
import { describeError } from '../../client/describe-error.ts';
import { uploadFile } from '../../client/host.ts';
import { useAction, useRequest } from '../../client/use-request.ts';
import { formatDateTime, formatRelative } from '../../format/date-time.ts';
import { listSome } from '../../format/list-some.ts';
import { formatBytes, formatPlural } from '../../format/numbers.ts';
import { Button } from '../../ui/button.tsx';
import { ErrorNotice } from '../../ui/error-notice.tsx';
import { FileDrop } from '../../ui/file-drop.tsx';
import { Notice } from '../../ui/notice.tsx';
import { Section } from '../../ui/panes.tsx';
import { Stack } from '../../ui/stack.tsx';
import { showToast } from '../../ui/toast.tsx';
import { PackDialog } from './pack-dialog.tsx';
import styles from './carry-work.module.css';

/** Unsent work as a file, for where there is no network, or for another computer. */
export function CarryWorkSetting() {
  return (
    <Section title="Carry unsent work by file">
      <Stack gap={2}>
        <p className={styles.quiet}>
          Where there is no network, unsent work can travel on a USB stick: export it here, and
          import it on a computer that is signed in with the same account. Nothing is counted twice,
          whichever computer sends it first.
        </p>
        <Export />
        <Import />
      </Stack>
    </Section>
  );
}

function Export() {
  const exporting = useAction('pack.export', { isInline: true });
  const hasNothing = exporting.error?.code === 'not_found';
  return (
    <Stack gap={1}>
      <div>
        <Button
          icon={<PackageOpen />}
          isPending={exporting.isPending}
          onPress={() => exporting.mutate({})}
        >
          {exporting.isPending ? 'Exporting…' : 'Export unsent work'}
        </Button>
      </div>
      {hasNothing ? (
        <Notice title="There is nothing to carry" isLive>
          {describeError(exporting.error)}
        </Notice>
      ) : exporting.isError ? (
        <ErrorNotice error={exporting.error} title="Nothing was exported" />
      ) : null}
      {exporting.isSuccess ? <Exported result={exporting.data} /> : null}
    </Stack>
  );
}

function Exported({ result }: { readonly result: RequestOutput<'pack.export'> }) {
  const { fileName, path, sizeBytes, changes, files, missingFiles, problems } = result;
  const isWhole = missingFiles.length === 0 && problems.length === 0;
  return (
    <Notice
      tone={isWhole ? 'positive' : 'warning'}
      title={`${formatPlural(changes, 'change', 'changes')}${files === 0 ? '' : ` and ${formatPlural(files, 'file', 'files')}`} exported, ${formatBytes(sizeBytes)}`}
      isLive
      action={
        <a href={hostPaths.exported(fileName)} download={fileName} className={styles.link}>
          Save
        </a>
      }
    >
      <p className={styles.path}>{path}</p>
      {missingFiles.length === 0 ? null : (
        <p>Not on this computer, and so not in the file: {listSome(missingFiles).join(', ')}.</p>
      )}
      {listSome(problems).map((problem) => (
        <p key={problem}>{problem}</p>
      ))}
    </Notice>
  );
}

function Import() {
  const [stagedId, setStagedId] = useState<string>();
  const [isReading, setIsReading] = useState(false);
  const read = async (file: File) => {
    setIsReading(true);
    try {
      setStagedId((await uploadFile(file)).stagedId);
    } catch (error) {
      showToast({
        title: 'The file was not read',
        description: describeError(error),
        tone: 'negative',
      });
    } finally {
      setIsReading(false);
    }
  };
  return (
    <>
      <FileDrop
        label={isReading ? 'Reading…' : 'Import unsent work…'}
        hint="or drop an exported file here (it ends in .stintpack); you see what is in it first"
        allowsMultiple={false}
        isDisabled={isReading}
        onFiles={([file]) => {
          if (file !== undefined) void read(file);
        }}
      />
      {stagedId === undefined ? null : (
        <PackDialog key={stagedId} stagedId={stagedId} onClose={() => setStagedId(undefined)} />
      )}
    </>
  );
}

/** When this workspace was last copied, and where to. */
export function CopiesLine() {
  const state = useRequest('recovery.state', {});
  if (state.data === undefined) return null;
  const { copies, copyProblem, folder } = state.data;
  const newest = copies.find(({ problem }) => problem === null);
  return (
    <Section title="Copies of this workspace">
      {copyProblem === null ? null : <Notice tone="warning" title={copyProblem} />}
      <p className={styles.quiet}>
        {newest?.createdAt === undefined || newest.createdAt === null
          ? 'Stint copies its files on this computer every hour when something changed. There is no copy yet.'
          : `Stint copies its files on this computer every hour when something changed. The newest of ${formatPlural(copies.length, 'copy', 'copies')} is of ${formatDateTime(newest.createdAt)}, ${formatRelative(newest.createdAt)}.`}
      </p>
      <p className={styles.path}>{folder}/backups</p>
    </Section>
  );
}

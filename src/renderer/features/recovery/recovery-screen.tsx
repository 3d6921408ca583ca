import { useState } from 'react';
import { ArchiveRestore, LifeBuoy } from 'lucide-react';
import { hostPaths } from '../../../shared/contract/carriers.ts';
import type { RequestOutput } from '../../../shared/contract/contract.ts';
import type { WorkspaceCopy } from '../../../shared/contract/recovery-requests.ts';
import { isolate } from '../../../shared/domain/isolate.ts';
import { useAction, useRequest } from '../../client/use-request.ts';
import { formatDateTime, formatRelative } from '../../format/date-time.ts';
import { listSome } from '../../format/list-some.ts';
import { formatBytes, formatPlural } from '../../format/numbers.ts';
import { ConnectionBanner } from '../../frame/connection-banner.tsx';
import { Button } from '../../ui/button.tsx';
import { ErrorNotice } from '../../ui/error-notice.tsx';
import { Notice } from '../../ui/notice.tsx';
import { RadioGroup } from '../../ui/radio-group.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import { showToast } from '../../ui/toast.tsx';
import startStyles from '../start/start.module.css';
import styles from './recovery.module.css';

/** What stands in place of everything where a database of this workspace is damaged. */
export function RecoveryScreen() {
  const state = useRequest('recovery.state', {});
  return (
    <main className={startStyles.screen}>
      <ConnectionBanner />
      <div className={styles.column}>
        <span className={startStyles.brand}>
          <img src="/stint.svg" alt="" width="28" height="28" />
          Stint
        </span>
        {state.isError ? (
          <ErrorNotice error={state.error} onRetry={() => void state.refetch()} />
        ) : state.isPending || state.data.damage === null ? (
          <Skeleton lines={6} label="Looking at the workspace" />
        ) : (
          <Damage state={state.data} damage={state.data.damage} />
        )}
      </div>
    </main>
  );
}

type State = RequestOutput<'recovery.state'>;

function Damage({
  state,
  damage,
}: {
  readonly state: State;
  readonly damage: NonNullable<State['damage']>;
}) {
  const names = damage.databases.flatMap(({ organizationName }) =>
    organizationName === null ? [] : [organizationName],
  );
  const rescue = useAction('recovery.rescue', { isInline: true });
  const isRescued = rescue.isSuccess || rescue.error?.code === 'not_found';
  return (
    <>
      <header className={styles.header}>
        <h1>This workspace is damaged</h1>
        <p className={styles.lead}>
          {names.length === 0
            ? 'A file in which Stint keeps your work on this computer cannot be read whole.'
            : `The file in which Stint keeps your work for ${names.join(' and ')} on this computer cannot be read whole.`}{' '}
          A failing disk or a sudden power cut can do that. Nothing was changed, and what is on the
          server is safe.
        </p>
      </header>
      <Rescue rescue={rescue} isDone={isRescued} />
      <Restore damage={damage} copies={state.copies} isNext={isRescued} />
      <details className={styles.details}>
        <summary>What was found</summary>
        <dl>
          {damage.databases.map(({ name, problem }) => (
            <div key={name}>
              <dt>
                <code>{name}</code>
              </dt>
              <dd>{problem}</dd>
            </div>
          ))}
          <div>
            <dt>Folder</dt>
            <dd>
              <code>{state.folder}</code>
            </dd>
          </div>
        </dl>
      </details>
    </>
  );
}

const shownCopies = 5;

function Restore({
  damage,
  copies,
  isNext,
}: {
  readonly damage: NonNullable<State['damage']>;
  readonly copies: readonly WorkspaceCopy[];
  /** Unsent work has been saved, or there is none. */
  readonly isNext: boolean;
}) {
  const usable = copies.filter(
    ({ problem, databases }) =>
      problem === null && damage.databases.every(({ name }) => databases.includes(name)),
  );
  const [chosen, setChosen] = useState(damage.newestCopyId ?? usable[0]?.copyId);
  const restore = useAction('recovery.restore', {
    isInline: true,
    onSuccess: ({ createdAt }) =>
      showToast({
        title: 'Stint goes on from its copy',
        description: `It is of ${formatDateTime(createdAt)}. What the server has comes by itself.`,
        tone: 'positive',
      }),
  });
  const copy = usable.find(({ copyId }) => copyId === chosen);
  if (copy === undefined)
    return (
      <Notice tone="warning" title="There is no copy to go on from">
        Save your unsent work above, start with a new workspace, sign in there, and import the file
        in its settings.
      </Notice>
    );
  return (
    <section className={styles.way}>
      <h2>2. Go on from a copy</h2>
      <p>
        Stint copies its files every hour. The copy takes the place of the damaged file, which moves
        aside. What the server has comes back by itself. What you did after the copy and had not
        sent comes back with the file that you save above: import it in the settings.
      </p>
      {usable.length === 1 ? (
        <p>{describeCopy(copy)}</p>
      ) : (
        <RadioGroup
          label="Copy"
          options={usable.slice(0, shownCopies).map((each) => ({
            id: each.copyId,
            label: describeCopy(each),
          }))}
          value={copy.copyId}
          onChange={setChosen}
        />
      )}
      {restore.isError ? (
        <ErrorNotice error={restore.error} title="Stint does not go on from this copy" />
      ) : null}
      <div>
        <Button
          variant={isNext ? 'primary' : 'secondary'}
          icon={<ArchiveRestore />}
          isPending={restore.isPending}
          onPress={() => restore.mutate({ copyId: copy.copyId })}
        >
          {restore.isPending ? 'Checking and restoring…' : 'Go on from this copy'}
        </Button>
      </div>
    </section>
  );
}

function describeCopy({ createdAt, sizeBytes }: WorkspaceCopy): string {
  if (createdAt === null) return formatBytes(sizeBytes);
  return `${formatDateTime(createdAt)}, ${formatRelative(createdAt)} (${formatBytes(sizeBytes)})`;
}

function Rescue({
  rescue,
  isDone,
}: {
  readonly rescue: ReturnType<typeof useAction<'recovery.rescue'>>;
  readonly isDone: boolean;
}) {
  return (
    <section className={styles.way}>
      <h2>1. Save unsent work</h2>
      <p>
        Do this first. Work that has not reached the server goes into one file, with its
        deliverables, as far as it can still be read. You can import that file in the settings, here
        or on any other computer on which you are signed in; doing so twice does no harm.
      </p>
      {rescue.isError ? (
        rescue.error.code === 'not_found' ? (
          <Notice title="No unsent work was found">{rescue.error.message}</Notice>
        ) : (
          <ErrorNotice error={rescue.error} title="Nothing was saved" />
        )
      ) : null}
      {rescue.isSuccess ? <Rescued result={rescue.data} /> : null}
      <div>
        <Button
          variant={isDone ? 'secondary' : 'primary'}
          icon={<LifeBuoy />}
          isPending={rescue.isPending}
          onPress={() => rescue.mutate({})}
        >
          {rescue.isPending ? 'Reading what can be read…' : 'Save unsent work'}
        </Button>
      </div>
    </section>
  );
}

function Rescued({ result }: { readonly result: RequestOutput<'recovery.rescue'> }) {
  const { fileName, sizeBytes, changes, files, missingFiles, problems } = result;
  return (
    <Notice
      tone={problems.length === 0 ? 'positive' : 'warning'}
      title={`${formatPlural(changes, 'change', 'changes')}${files === 0 ? '' : ` and ${formatPlural(files, 'file', 'files')}`} saved in one file`}
      isLive
      action={
        <a href={hostPaths.exported(fileName)} download={fileName} className={styles.save}>
          Save {formatBytes(sizeBytes)}
        </a>
      }
    >
      {listSome([
        ...problems,
        ...missingFiles.map((name) => `Not on this computer: ${isolate(name)}`),
      ]).map((line) => (
        <p key={line}>{line}</p>
      ))}
    </Notice>
  );
}

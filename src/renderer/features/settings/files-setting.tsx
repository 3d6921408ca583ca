import type { RequestOutput } from '../../../shared/contract/contract.ts';
import { useAction, useRequest } from '../../client/use-request.ts';
import { formatBytes, formatPlural } from '../../format/numbers.ts';
import { computeReadableName } from '../../../shared/domain/hidden-characters.ts';
import { Button } from '../../ui/button.tsx';
import { Checkbox } from '../../ui/checkbox.tsx';
import { Notice } from '../../ui/notice.tsx';
import { Section } from '../../ui/panes.tsx';
import { RadioGroup } from '../../ui/radio-group.tsx';
import { Row, Stack } from '../../ui/stack.tsx';
import { showToast } from '../../ui/toast.tsx';
import styles from './carry-work.module.css';

type Settings = RequestOutput<'settings.update'>;

/** What files take up on this computer, and how they move. */
export function FilesSetting({ settings }: { readonly settings: Settings }) {
  return (
    <Section title="Files on this computer">
      <Stack gap={3}>
        <Space />
        <Movement settings={settings} />
      </Stack>
    </Section>
  );
}

function Space() {
  const space = useRequest('files.space', {});
  const free = useAction('files.free', {
    failure: 'Nothing was removed',
    onSuccess: ({ freedFiles, freedBytes }) => {
      showToast({
        title: `${formatPlural(freedFiles, 'file is', 'files are')} on the server alone now`,
        description: `${formatBytes(freedBytes)} are free again. Each comes back when you open it.`,
      });
      void space.refetch();
    },
  });
  if (space.data === undefined) return null;
  const { usedFiles, usedBytes, freeableBytes, onlyHereBytes, diskFreeBytes, damaged } = space.data;
  return (
    <Stack gap={1}>
      <p>
        {usedFiles === 0
          ? 'No files'
          : `${formatPlural(usedFiles, 'file', 'files')}, ${formatBytes(usedBytes)}`}
        {diskFreeBytes === null ? '' : `; ${formatBytes(diskFreeBytes)} are left on the disk`}
      </p>
      <p className={styles.quiet}>
        {onlyHereBytes > 0
          ? `${formatBytes(onlyHereBytes)} are on this computer alone and always stay until the server has them. `
          : ''}
        What is removed here stays on the server, and can be fetched again.
      </p>
      <Row>
        <Button
          isDisabled={freeableBytes === 0}
          isPending={free.isPending}
          onPress={() => free.mutate({})}
        >
          {freeableBytes === 0 ? 'Nothing to free up' : `Free up ${formatBytes(freeableBytes)}`}
        </Button>
        <CheckFiles />
      </Row>
      {damaged.length === 0 ? null : (
        <Notice tone="warning" title="Changed by the disk, and set aside">
          {damaged.map(({ name }) => computeReadableName(name)).join(', ')}. Nobody uses what is
          left of them; they come again from the server, or when they are attached once more.
        </Notice>
      )}
    </Stack>
  );
}

/** Reads everything, since a disk that changed a file tells nobody. */
function CheckFiles() {
  const check = useAction('files.check', {
    failure: 'The files were not checked',
    onSuccess: ({ checkedFiles, damaged }) => {
      const lost = damaged.filter(({ isFetchedAgain }) => !isFetchedAgain);
      const names = damaged.map(({ name }) => computeReadableName(name)).join(', ');
      showToast({
        title:
          damaged.length === 0
            ? `${formatPlural(checkedFiles, 'file is', 'files are')} as they should be`
            : `Changed by the disk: ${names}`,
        ...(damaged.length === 0
          ? {}
          : {
              description:
                lost.length === 0
                  ? 'They were fetched again, and are whole.'
                  : `${formatPlural(lost.length, 'file', 'files')} could not be had again yet.`,
              tone: lost.length === 0 ? ('neutral' as const) : ('negative' as const),
            }),
      });
    },
  });
  return (
    <Button variant="quiet" isPending={check.isPending} onPress={() => check.mutate({})}>
      Check all files
    </Button>
  );
}

const limits = [
  { id: 'none', label: 'As fast as it goes', bytes: null },
  { id: '262144', label: '256 kB a second', bytes: 262_144 },
  { id: '1048576', label: '1 MB a second', bytes: 1_048_576 },
  { id: '5242880', label: '5 MB a second', bytes: 5_242_880 },
] as const;

/** One that was set elsewhere stands in the list as well. */
function listLimits(current: number | null): { id: string; label: string }[] {
  const known = limits.map(({ id, label }) => ({ id, label }));
  return current === null || limits.some(({ bytes }) => bytes === current)
    ? known
    : [...known, { id: String(current), label: `${formatBytes(current)} a second` }];
}

const parseLimit = (id: string): number | null => (id === 'none' ? null : Number(id));
const computeLimitId = (bytes: number | null): string => (bytes === null ? 'none' : String(bytes));

function Movement({ settings }: { readonly settings: Settings }) {
  const { uploadBytesPerSecond, downloadBytesPerSecond, pauseOnMetered, keepsDueOffline } =
    settings;
  const save = useAction('settings.update', { failure: 'The setting was not changed' });
  return (
    <Stack gap={2}>
      <Checkbox
        isSelected={keepsDueOffline}
        onChange={(next) => save.mutate({ keepsDueOffline: next })}
        description="Files of up to 100 MB come by themselves; a larger one when you open it, or keep it."
      >
        Keep the files of tasks that are due on this computer
      </Checkbox>
      <Pause />
      <RadioGroup
        label="Sending"
        isRow
        options={listLimits(uploadBytesPerSecond)}
        value={computeLimitId(uploadBytesPerSecond)}
        onChange={(id) => save.mutate({ uploadBytesPerSecond: parseLimit(id) })}
      />
      <RadioGroup
        label="Fetching"
        isRow
        options={listLimits(downloadBytesPerSecond)}
        value={computeLimitId(downloadBytesPerSecond)}
        onChange={(id) => save.mutate({ downloadBytesPerSecond: parseLimit(id) })}
      />
      <RadioGroup
        label="Pause where data are paid by volume"
        options={[
          { id: 'auto', label: 'When the system says that the connection is metered' },
          { id: 'always', label: 'On every connection, until I let files move' },
          { id: 'never', label: 'Never' },
        ]}
        value={pauseOnMetered}
        onChange={(next) => save.mutate({ pauseOnMetered: next })}
      />
    </Stack>
  );
}

function Pause() {
  const state = useRequest('transfers.state', {});
  const onSuccess = () => void state.refetch();
  const pause = useAction('transfers.pause', { failure: 'Files still move', onSuccess });
  const resume = useAction('transfers.resume', { failure: 'Files do not move yet', onSuccess });
  if (state.data === undefined) return null;
  const { pausedBecause, up, down, roomProblem } = state.data;
  const waiting = up.waitingFiles + down.waitingFiles;
  return (
    <Stack gap={1}>
      <Row>
        {pausedBecause === null ? (
          <Button onPress={() => pause.mutate({})}>Pause files</Button>
        ) : (
          <Button onPress={() => resume.mutate({})}>Let files move</Button>
        )}
        <span className={styles.quiet}>
          {pausedBecause === 'metered'
            ? 'Files wait, since data are paid by volume here. '
            : pausedBecause === 'person'
              ? 'Files wait. '
              : ''}
          {waiting === 0
            ? 'No file waits.'
            : `${formatPlural(waiting, 'file waits', 'files wait')}, ${formatBytes(up.waitingBytes + down.waitingBytes)}.`}{' '}
          Notes, hours and everything else are sent in any case.
        </span>
      </Row>
      {roomProblem === null ? null : <output>{roomProblem}</output>}
    </Stack>
  );
}

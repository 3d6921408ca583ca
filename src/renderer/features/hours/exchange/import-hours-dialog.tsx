import { useMemo, useState } from 'react';
import type { RequestOutput } from '../../../../shared/contract/contract.ts';
import { isolate } from '../../../../shared/domain/isolate.ts';
import { RequestError } from '../../../client/carrier.ts';
import { uploadFile } from '../../../client/host.ts';
import { useAction, useRequest } from '../../../client/use-request.ts';
import { formatDuration } from '../../../format/duration.ts';
import { localZone } from '../../../format/locale.ts';
import { formatPlural } from '../../../format/numbers.ts';
import { Button } from '../../../ui/button.tsx';
import { Dialog } from '../../../ui/dialog.tsx';
import { ErrorNotice } from '../../../ui/error-notice.tsx';
import { FileDrop } from '../../../ui/file-drop.tsx';
import { Notice } from '../../../ui/notice.tsx';
import { Skeleton } from '../../../ui/skeleton.tsx';
import { Stack } from '../../../ui/stack.tsx';
import { showToast } from '../../../ui/toast.tsx';
import { ZoneField } from '../../../ui/zone-field.tsx';
import { TaskField, type ChosenTask } from '../task-field.tsx';
import { countCutNotes, describeImport, describePreview } from './describe-import.ts';
import { ImportRows } from './import-rows.tsx';
import styles from './exchange.module.css';

type Preview = RequestOutput<'hours.inspectImport'>;
type Group = Preview['groups'][number];

const sourceNames: Record<Preview['source'], string> = {
  toggl: 'Toggl Track',
  clockify: 'Clockify',
  kimai: 'Kimai',
};

export interface ImportHoursDialogProps {
  readonly seatId: string | undefined;
  readonly onClose: () => void;
}

/** Hours of another program: first what an import would bring, row by row; nothing is recorded twice. */
export function ImportHoursDialog({ seatId, onClose }: ImportHoursDialogProps) {
  const [staged, setStaged] = useState<{ readonly stagedId: string; readonly name: string }>();
  const [unread, setUnread] = useState<RequestError>();
  const [zone, setZone] = useState(localZone);
  const [chosen, setChosen] = useState<ReadonlyMap<string, ChosenTask>>(new Map());
  const input = staged === undefined ? undefined : { stagedId: staged.stagedId, zone };
  // What the file holds, and which tasks it seems to mean; then again with the tasks that are meant.
  const file = useRequest('hours.inspectImport', input);
  const mappings = useMemo(
    () =>
      (file.data?.groups ?? []).flatMap(({ key, suggestion }) => {
        const place = chosen.get(key) ?? suggestion;
        return place === null ? [] : [{ key, seatId: place.seatId, taskId: place.taskId }];
      }),
    [file.data, chosen],
  );
  const preview = useRequest(
    'hours.inspectImport',
    input === undefined || file.data === undefined ? undefined : { ...input, mappings },
    { keepsPrevious: true },
  );
  const run = useAction('hours.import', {
    isInline: true,
    onSuccess: (done) => {
      // Which rows were not let in or wait for an answer is read here.
      if (done.refused.length > 0 || done.asked > 0) return;
      showToast(describeImport(done));
      onClose();
    },
  });
  const read = async (picked: File) => {
    setUnread(undefined);
    run.reset();
    try {
      const { stagedId } = await uploadFile(picked);
      setChosen(new Map());
      setStaged({ stagedId, name: picked.name });
    } catch (error) {
      setUnread(
        error instanceof RequestError
          ? error
          : new RequestError('internal', 'The file could not be read.'),
      );
    }
  };
  const shown = file.data === undefined ? undefined : preview.data;
  const failure = unread ?? file.error ?? preview.error;
  const added = shown === undefined ? 0 : shown.counts.new + shown.counts.asked;
  const isReady = added > 0 && !preview.isPlaceholderData && !run.isPending;
  return (
    <Dialog
      isOpen
      isForm
      size="large"
      onOpenChange={onClose}
      title="Import hours"
      footer={
        <>
          <Button onPress={onClose}>{run.data === undefined ? 'Cancel' : 'Close'}</Button>
          <Button
            variant="primary"
            isDisabled={!isReady}
            isPending={run.isPending}
            onPress={() => {
              if (input !== undefined) run.mutate({ ...input, mappings });
            }}
          >
            {added === 0 ? 'Import' : `Import ${formatPlural(added, 'entry', 'entries')}`}
          </Button>
        </>
      }
    >
      <Stack gap={3}>
        <FileDrop
          label={staged === undefined ? 'Choose a CSV file' : 'Choose another file'}
          hint={
            staged === undefined
              ? 'or drop the detailed report of Toggl Track, Clockify or Kimai here'
              : staged.name
          }
          allowsMultiple={false}
          accept={['.csv', 'text/csv']}
          onFiles={([picked]) => {
            if (picked !== undefined) void read(picked);
          }}
        />
        {failure === null ? null : (
          <ErrorNotice error={failure} title="Not read. Nothing was imported." />
        )}
        {run.error === null ? null : (
          <ErrorNotice
            error={run.error}
            title="Not everything was imported. Importing the file again adds what is missing, and nothing twice."
          />
        )}
        {run.data === undefined ? null : (
          <>
            <Outcome done={run.data} />
            <Asked rows={run.data.asked} />
            <Refused rows={run.data.refused} />
          </>
        )}
        {staged === undefined || failure !== null ? null : shown === undefined ? (
          <Skeleton lines={5} label="Reading the file" />
        ) : (
          <>
            {run.data === undefined || added > 0 ? <Summary preview={shown} /> : null}
            <ZoneField
              label="The time zone in which its times are written"
              value={zone}
              onChange={setZone}
            />
            <Groups
              groups={file.data?.groups ?? []}
              among={seatId === undefined ? {} : { seatId }}
              chosen={chosen}
              onChoose={(key, task) => setChosen(new Map(chosen).set(key, task))}
            />
            <ImportRows rows={shown.rows} />
          </>
        )}
      </Stack>
    </Dialog>
  );
}

function Outcome({ done }: { readonly done: RequestOutput<'hours.import'> }) {
  const { title, description, tone } = describeImport(done);
  return (
    <Notice isLive tone={tone ?? 'neutral'} title={title}>
      {description}
    </Notice>
  );
}

/** Rows of approved days, and where the answer to them will stand. */
function Asked({ rows }: { readonly rows: number }) {
  if (rows === 0) return null;
  return (
    <Notice
      isLive
      tone="neutral"
      title={`${formatPlural(rows, 'row waits', 'rows wait')} for the employer’s agreement`}
    >
      These days are approved already, so the employer was asked to add the time to them. What comes
      of it stands under Timesheets.
    </Notice>
  );
}

/** More than anybody reads in a dialog. */
const mostRefused = 20;

/** Rows that the rules did not let in, each with its reason. */
function Refused({ rows }: { readonly rows: RequestOutput<'hours.import'>['refused'] }) {
  if (rows.length === 0) return null;
  return (
    <Notice
      isLive
      tone="warning"
      title={`${formatPlural(rows.length, 'row was', 'rows were')} refused`}
    >
      {rows.slice(0, mostRefused).map(({ line, reason }) => (
        <p key={line}>
          Line {line}: {reason}
        </p>
      ))}
      {rows.length > mostRefused ? <p>and {rows.length - mostRefused} more</p> : null}
    </Notice>
  );
}

function Summary({ preview }: { readonly preview: Preview }) {
  const { source, counts } = preview;
  const isDone =
    counts.new === 0 && counts.asked === 0 && counts.unmapped === 0 && counts.bad === 0;
  return (
    <Notice
      isLive
      tone={
        counts.bad > 0 || countCutNotes(preview) > 0 ? 'warning' : isDone ? 'positive' : 'neutral'
      }
      title={isDone ? 'There is nothing left to import' : `From ${sourceNames[source]}`}
    >
      {isDone
        ? 'Every row is here already, or the employer was asked to add it.'
        : describePreview(preview)}
    </Notice>
  );
}

/** To which task what the other program called a project belongs. */
function Groups({
  groups,
  among,
  chosen,
  onChoose,
}: {
  readonly groups: readonly Group[];
  readonly among: { readonly seatId?: string };
  readonly chosen: ReadonlyMap<string, ChosenTask>;
  readonly onChoose: (key: string, task: ChosenTask) => void;
}) {
  if (groups.length === 0) return null;
  return (
    <ul className={styles.groups} aria-label="Tasks">
      {groups.map(({ key, label, rows, seconds, suggestion }) => {
        const value = chosen.get(key) ?? suggestion;
        return (
          <li key={key}>
            <TaskField
              label={`Task for “${isolate(label)}”`}
              description={`${formatPlural(rows, 'row', 'rows')}, ${formatDuration(seconds * 1000)}${value === null ? `. Without a task, ${rows === 1 ? 'it is' : 'they are'} left out.` : ''}`}
              among={among}
              value={value}
              onChange={(task) => onChoose(key, task)}
            />
          </li>
        );
      })}
    </ul>
  );
}

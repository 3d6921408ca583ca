import { useId, useState } from 'react';
import { Plus, X } from 'lucide-react';
import type { RequestError } from '../client/carrier.ts';
import { formatDuration } from '../format/duration.ts';
import { formatDateTime } from '../format/date-time.ts';
import { localZone } from '../format/locale.ts';
import { Button, IconButton } from '../ui/button.tsx';
import { TimeField } from '../ui/date-field.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { ErrorNotice } from '../ui/error-notice.tsx';
import { Muted, Row, Stack } from '../ui/stack.tsx';
import { computeInstantWithin, computeWallTime, type Stretch } from './instant-within.ts';

export interface SplitGapDialogProps {
  readonly taskTitle: string;
  readonly stretch: Stretch;
  readonly isPending: boolean;
  readonly error: RequestError | null;
  readonly onSplit: (stretches: Stretch[]) => void;
  readonly onClose: () => void;
}

interface Part {
  readonly id: number;
  readonly from: string;
  readonly to: string;
}

/** Says which parts of a stretch were worked through; the rest does not count. */
export function SplitGapDialog({
  taskTitle,
  stretch,
  isPending,
  error,
  onSplit,
  onClose,
}: SplitGapDialogProps) {
  const formId = useId();
  const first = computeWallTime(stretch.startedAt, localZone);
  const last = computeWallTime(stretch.endedAt, localZone);
  const [parts, setParts] = useState<readonly Part[]>([{ id: 1, from: first, to: last }]);
  const change = (id: number, to: Partial<Part>) =>
    setParts(parts.map((part) => (part.id === id ? { ...part, ...to } : part)));
  const stretches: Stretch[] = [];
  let problem: string | undefined;
  for (const { from, to } of parts) {
    const startedAt = computeInstantWithin(from, stretch, localZone);
    const endedAt = computeInstantWithin(to, stretch, localZone);
    if (startedAt === undefined || endedAt === undefined || endedAt <= startedAt)
      problem ??= `Each part lies between ${first} and ${last}, and ends after it begins.`;
    else if (stretches.some((other) => startedAt < other.endedAt && other.startedAt < endedAt))
      problem ??= 'Two parts cover the same time; it counts once.';
    else stretches.push({ startedAt, endedAt });
  }
  const sumMs = stretches.reduce(
    (sum, part) => sum + Date.parse(part.endedAt) - Date.parse(part.startedAt),
    0,
  );
  return (
    <Dialog
      isOpen
      isForm
      onOpenChange={onClose}
      title="Which parts did you work?"
      footer={
        <>
          <Button onPress={onClose}>Cancel</Button>
          <Button
            variant="primary"
            type="submit"
            form={formId}
            isDisabled={isPending || problem !== undefined}
          >
            Count {formatDuration(sumMs)}
          </Button>
        </>
      }
    >
      <form
        id={formId}
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          if (!isPending && problem === undefined) onSplit(stretches);
        }}
      >
        <Stack gap={2}>
          <Muted>
            On “<bdi>{taskTitle}</bdi>”, between {formatDateTime(stretch.startedAt)} and{' '}
            {formatDateTime(stretch.endedAt)}. What no part covers does not count.
          </Muted>
          {parts.map((part, index) => (
            <Row key={part.id} gap={2} align="end">
              <TimeField
                label={`Part ${index + 1} from`}
                value={part.from}
                onChange={(from) => change(part.id, { from })}
              />
              <TimeField
                label={`Part ${index + 1} to`}
                value={part.to}
                onChange={(to) => change(part.id, { to })}
              />
              {parts.length > 1 ? (
                <IconButton
                  label={`Remove part ${index + 1}`}
                  icon={<X />}
                  onPress={() => setParts(parts.filter(({ id }) => id !== part.id))}
                />
              ) : null}
            </Row>
          ))}
          <Row>
            <Button
              size="small"
              icon={<Plus />}
              isDisabled={parts.length >= 20}
              onPress={() =>
                setParts([
                  ...parts,
                  { id: Math.max(...parts.map(({ id }) => id)) + 1, from: '', to: '' },
                ])
              }
            >
              Another part
            </Button>
          </Row>
          <output>
            <Muted>{problem ?? `${formatDuration(sumMs)} will be recorded.`}</Muted>
          </output>
          {error === null ? null : <ErrorNotice error={error} title="Not recorded yet" />}
        </Stack>
      </form>
    </Dialog>
  );
}

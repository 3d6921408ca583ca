import { useMemo, useState } from 'react';
import { ComboBox, ListBox, ListBoxItem } from 'react-aria-components';
import type { TaskState } from '../../../shared/domain/task-state.ts';
import { useRequest } from '../../client/use-request.ts';
import { ComboParts } from '../../ui/combo-parts.tsx';
import { cx } from '../../ui/cx.ts';
import type { FieldTexts } from '../../ui/field-parts.tsx';
import fieldStyles from '../../ui/field.module.css';
import overlayStyles from '../../ui/overlay.module.css';

/** As many as anybody reads through; typing finds the others. */
const offeredTasks = 60;
const longestSearch = 200;
const currentStates: TaskState[] = ['to_do', 'in_progress', 'changes_requested', 'submitted'];

export interface ChosenTask {
  readonly seatId: string;
  readonly taskId: string;
  readonly title: string;
}

export interface TaskFieldProps extends FieldTexts {
  /** Of which seat and engagement tasks are offered; all of the person's without any. */
  readonly among: { readonly seatId?: string; readonly engagementId?: string };
  readonly value: ChosenTask | null;
  readonly onChange: (task: ChosenTask) => void;
}

interface Offer extends ChosenTask {
  readonly id: string;
  readonly organizationName: string;
}

/** One of the person's tasks: what is current at first, and any other by typing a part of its title. */
export function TaskField({ among, value, onChange, ...texts }: TaskFieldProps) {
  const [typed, setTyped] = useState(value?.title ?? '');
  const text = typed === value?.title ? '' : typed.trim().slice(0, longestSearch);
  const tasks = useRequest(
    'tasks.list',
    { ...among, ...(text === '' ? { states: currentStates } : { text }), limit: offeredTasks },
    { keepsPrevious: true },
  );
  const offers = useMemo<readonly Offer[]>(() => {
    const found = (tasks.data?.items ?? []).map(({ seatId, taskId, title, organizationName }) => ({
      id: `${seatId}/${taskId}`,
      seatId,
      taskId,
      title,
      organizationName,
    }));
    // The field takes the chosen one's words from among the offers.
    return value === null || found.some(({ taskId }) => taskId === value.taskId)
      ? found
      : [...found, { ...value, id: `${value.seatId}/${value.taskId}`, organizationName: '' }];
  }, [tasks.data, value]);
  return (
    <ComboBox
      items={offers}
      inputValue={typed}
      onInputChange={setTyped}
      value={value === null ? null : `${value.seatId}/${value.taskId}`}
      onChange={(key) => {
        const chosen = offers.find(({ id }) => id === key);
        if (chosen === undefined) return;
        const { seatId, taskId, title } = chosen;
        setTyped(title);
        onChange({ seatId, taskId, title });
      }}
      isInvalid={texts.error !== undefined}
      menuTrigger="focus"
      allowsEmptyCollection
      className={cx(fieldStyles.field)}
    >
      <ComboParts {...texts} placeholder="Type a part of its title">
        <ListBox<Offer>
          className={cx(overlayStyles.menu)}
          renderEmptyState={() => (
            <p className={overlayStyles.section}>
              {text === '' ? 'Nothing is current. Type to find an earlier task.' : 'No task fits.'}
            </p>
          )}
        >
          {(offer) => (
            <ListBoxItem id={offer.id} textValue={offer.title} className={cx(overlayStyles.item)}>
              <span className={overlayStyles.itemLabel}>{offer.title}</span>
              <span className={overlayStyles.itemDescription}>{offer.organizationName}</span>
            </ListBoxItem>
          )}
        </ListBox>
      </ComboParts>
    </ComboBox>
  );
}

import { memo } from 'react';
import { X } from 'lucide-react';
import type { RequestOutput } from '../../../shared/contract/contract.ts';
import { Button } from '../../ui/button.tsx';
import { LaterDateField } from '../../ui/date-field.tsx';
import { Select } from '../../ui/select.tsx';
import { TextField } from '../../ui/text-field.tsx';
import styles from './history-screen.module.css';

export interface HistoryFilterValues {
  readonly membershipId: string;
  readonly name: string;
  readonly from: string;
  readonly to: string;
  readonly text: string;
}

export const noFilter: HistoryFilterValues = {
  membershipId: '',
  name: '',
  from: '',
  to: '',
  text: '',
};

/** Select has no empty id; this one stands for "all of them". */
const all = 'all';

export interface HistoryFilterProps {
  readonly values: HistoryFilterValues;
  readonly onChange: (values: HistoryFilterValues) => void;
  readonly people: readonly RequestOutput<'history.list'>['people'][number][];
  readonly kinds: readonly RequestOutput<'history.list'>['kinds'][number][];
}

/** Not drawn anew with each answer: its fields are most of the screen's work. */
export const HistoryFilter = memo(function HistoryFilter({
  values,
  onChange,
  people,
  kinds,
}: HistoryFilterProps) {
  const set = (changes: Partial<HistoryFilterValues>) => onChange({ ...values, ...changes });
  const isFiltered = Object.values(values).some((value) => value !== '');
  return (
    <search className={styles.filter}>
      <Select
        label="Who"
        options={[
          { id: all, label: 'Everybody' },
          ...people.map(({ membershipId, name }) => ({ id: membershipId, label: name })),
        ]}
        value={values.membershipId === '' ? all : values.membershipId}
        onChange={(id) => set({ membershipId: id === all ? '' : id })}
      />
      <Select
        label="What"
        options={[
          { id: all, label: 'Every act' },
          ...kinds.map(({ name, label }) => ({ id: name, label })),
        ]}
        value={values.name === '' ? all : values.name}
        onChange={(id) => set({ name: id === all ? '' : id })}
      />
      <LaterDateField label="From" value={values.from} onChange={(from) => set({ from })} />
      <LaterDateField label="To" value={values.to} onChange={(to) => set({ to })} />
      <TextField
        label="Containing"
        value={values.text}
        onChange={(text) => set({ text })}
        placeholder="A title, a name, a word"
      />
      <Button
        variant="quiet"
        icon={<X />}
        isDisabled={!isFiltered}
        onPress={() => onChange(noFilter)}
      >
        Clear
      </Button>
    </search>
  );
});

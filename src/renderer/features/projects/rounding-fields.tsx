import { Select } from '../../ui/select.tsx';
import styles from './form.module.css';
import type { ProjectFormValues } from './project-form-values.ts';

const steps = [
  { id: '0', label: 'To the second, not rounded' },
  { id: '5', label: '5 minutes' },
  { id: '6', label: '6 minutes, a tenth of an hour' },
  { id: '10', label: '10 minutes' },
  { id: '15', label: '15 minutes' },
] as const;

type RoundingValues = Pick<ProjectFormValues, 'roundingMinutes' | 'roundingMode' | 'roundingPer'>;

/** How hours are rounded where they are shown and approved; the exact time is kept beside it. */
export function RoundingFields({
  values,
  onChange,
}: {
  readonly values: RoundingValues;
  readonly onChange: (values: Partial<RoundingValues>) => void;
}) {
  return (
    <>
      <div className={styles.pair}>
        <Select
          label="Hours are counted"
          description="The exact time is always kept and shown beside it."
          options={steps}
          value={`${values.roundingMinutes}`}
          onChange={(id) =>
            onChange({ roundingMinutes: Number(id) as RoundingValues['roundingMinutes'] })
          }
        />
      </div>
      {values.roundingMinutes === 0 ? null : (
        <div className={styles.pair}>
          <Select
            label="Rounded"
            options={[
              { id: 'nearest', label: 'To the nearest' },
              { id: 'up', label: 'Up, in the intern’s favour' },
            ]}
            value={values.roundingMode}
            onChange={(roundingMode) => onChange({ roundingMode })}
          />
          <Select
            label="For each"
            options={[
              { id: 'day', label: 'Day' },
              { id: 'entry', label: 'Entry' },
            ]}
            value={values.roundingPer}
            onChange={(roundingPer) => onChange({ roundingPer })}
          />
        </div>
      )}
    </>
  );
}

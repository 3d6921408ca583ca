import { useId, useState } from 'react';
import { isolate } from '../../../shared/domain/isolate.ts';
import { RadioGroup } from '../../ui/radio-group.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import { usePictureFit } from '../../ui/use-picture-fit.ts';
import styles from './comparison.module.css';

type Way = 'sides' | 'slider' | 'difference';

export interface ImageComparisonProps {
  readonly label: string;
  readonly before: string;
  readonly after: string;
  readonly beforeName: string;
  readonly afterName: string;
}

/** Two pictures: next to one another, one uncovering the other, or what differs between them. */
export function ImageComparison({
  label,
  before,
  after,
  beforeName,
  afterName,
}: ImageComparisonProps) {
  const id = useId();
  const [way, setWay] = useState<Way>('sides');
  const [share, setShare] = useState(50);
  const fits = [usePictureFit(before), usePictureFit(after)];
  const tooLarge = fits.find((fit) => fit.kind === 'too_large');
  if (tooLarge !== undefined) return <p className={styles.quiet}>{tooLarge.reason}</p>;
  if (fits.some(({ kind }) => kind === 'measuring'))
    return <Skeleton lines={4} label={`Reading ${label}`} />;
  return (
    <div className={styles.images}>
      <RadioGroup
        label={`How to compare ${label}`}
        isRow
        value={way}
        onChange={setWay}
        options={[
          { id: 'sides', label: 'Side by side' },
          { id: 'slider', label: 'Slider' },
          { id: 'difference', label: 'Difference' },
        ]}
      />
      {way === 'sides' ? (
        <div className={styles.sides}>
          <figure className={styles.side}>
            <figcaption>{beforeName}</figcaption>
            <img src={before} alt={`${label}, ${isolate(beforeName)}`} />
          </figure>
          <figure className={styles.side}>
            <figcaption>{afterName}</figcaption>
            <img src={after} alt={`${label}, ${isolate(afterName)}`} />
          </figure>
        </div>
      ) : (
        <>
          <div className={styles.stack}>
            <img src={before} alt={`${label}, ${isolate(beforeName)}`} />
            <img
              src={after}
              alt={`${label}, ${isolate(afterName)}`}
              className={way === 'difference' ? styles.difference : styles.over}
              {...(way === 'slider' ? { style: { clipPath: `inset(0 0 0 ${share}%)` } } : {})}
            />
            {way === 'slider' ? (
              <span className={styles.edge} style={{ left: `${share}%` }} aria-hidden />
            ) : null}
          </div>
          {way === 'slider' ? (
            <div className={styles.slider}>
              <label htmlFor={id}>
                <bdi>{beforeName}</bdi> on the left, <bdi>{afterName}</bdi> on the right
              </label>
              <input
                id={id}
                type="range"
                min={0}
                max={100}
                value={share}
                onChange={(event) => setShare(Number(event.currentTarget.value))}
              />
            </div>
          ) : (
            <p className={styles.quiet}>Black is where nothing changed.</p>
          )}
        </>
      )}
    </div>
  );
}

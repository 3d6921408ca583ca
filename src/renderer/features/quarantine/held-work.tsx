import { useId, useState } from 'react';
import { isolate } from '../../../shared/domain/isolate.ts';
import { formatDateTime, formatDays } from '../../format/date-time.ts';
import { formatBytes, formatCount, formatPlural } from '../../format/numbers.ts';
import { describeStretch } from '../../format/stretch.ts';
import { Avatar } from '../../ui/avatar.tsx';
import { Button } from '../../ui/button.tsx';
import { Markdown } from '../../ui/markdown.tsx';
import { Mark } from '../../ui/mark.tsx';
import { toMarkState } from '../../ui/mark-of.ts';
import { Notice } from '../../ui/notice.tsx';
import { ShowAll } from '../../ui/show-all.tsx';
import type { QuarantineItem } from './quarantine-item.ts';
import { FileName } from '../../ui/file-name.tsx';
import styles from './quarantine.module.css';

export interface HeldWorkProps {
  readonly item: QuarantineItem;
  /** The one that the keys are for. */
  readonly isFirst: boolean;
  readonly isPending: boolean;
  readonly onAccept: () => void;
  readonly onDecline: () => void;
}

const effects: Record<QuarantineItem['stretches'][number]['effect'], string> = {
  added: 'Time worked',
  changed: 'Time worked, as changed',
  removed: 'Time taken out',
  restored: 'Time brought back',
  handed_in: 'Time handed in',
};

/** More than these go below a button, so that the decision stays near what is decided on. */
const mostAtOnce = 20;

/** Several stretches of time; what becomes of them is said once where it is the same of all. */
function Stretches({
  stretches,
  total = stretches.length,
}: {
  readonly stretches: QuarantineItem['stretches'];
  /** How many there are, where not all are told of. */
  readonly total?: number | undefined;
}) {
  const [showsAll, setShowsAll] = useState(false);
  const id = useId();
  const shown = showsAll ? stretches : stretches.slice(0, mostAtOnce);
  const [first] = stretches;
  const isAlike = stretches.every(({ effect }) => effect === first?.effect);
  return (
    <div>
      <span id={id} className={styles.listTitle}>
        {isAlike && first !== undefined ? effects[first.effect] : 'Time'}
        {total <= stretches.length
          ? ''
          : `; ${formatCount(stretches.length)} of ${formatCount(total)} ${stretches.length === 1 ? 'is' : 'are'} listed here`}
      </span>
      <ul
        className={styles.files}
        aria-labelledby={id}
        // Where the focus goes when the button below has gone.
        tabIndex={-1}
        data-focus-when-empty
      >
        {shown.map((each, index) => (
          // Two may begin at the same moment.
          <li key={`${index} ${each.startedAt}`}>
            <span>
              {isAlike ? '' : `${effects[each.effect]}: `}
              {describeStretch(each)}
            </span>
            {each.note === '' ? null : <span className={styles.quiet}>{each.note}</span>}
          </li>
        ))}
      </ul>
      {shown.length >= stretches.length ? null : (
        <ShowAll shown={shown.length} total={stretches.length} onPress={() => setShowsAll(true)} />
      )}
    </div>
  );
}

/** Who sent what, when it was made and received, with its files. */
export function HeldWork({ item, isFirst, isPending, onAccept, onDecline }: HeldWorkProps) {
  const { personName, taskTitle, projectTitle, label, note, files, period, problem } = item;
  // What is one of several is no whole, also where the others are not known here.
  const isOne = item.stretches.length === 1 && (period?.entryCount ?? 1) === 1;
  const [stretch] = isOne ? item.stretches : [];
  return (
    <article className={styles.held} aria-label={`${label}, ${isolate(personName)}`}>
      <header className={styles.heldHeader}>
        <Avatar name={personName} sizePx={32} />
        <div className={styles.heldWho}>
          <strong>{personName}</strong>
          <span>
            {label}
            {taskTitle === '' ? '' : `: ${isolate(taskTitle)}`}
          </span>
          {projectTitle === '' ? null : (
            <span className={styles.quiet}>
              <bdi>{projectTitle}</bdi>
            </span>
          )}
        </div>
        {item.mark === 'on_the_server' ? null : <Mark state={toMarkState(item.mark)} isLabelled />}
      </header>
      <dl className={styles.times}>
        <div>
          <dt>Made, by their clock</dt>
          <dd>{formatDateTime(item.claimedAt)}</dd>
        </div>
        <div>
          <dt>Received</dt>
          <dd>{formatDateTime(item.receivedAt)}</dd>
        </div>
        {period === null ? null : (
          <div>
            <dt>Days</dt>
            <dd>
              {formatDays(period.startsOn, period.endsOn)},{' '}
              {formatPlural(period.entryCount, 'stretch of time', 'stretches of time')}
            </dd>
          </div>
        )}
        {stretch === undefined ? null : (
          <div>
            <dt>{effects[stretch.effect]}</dt>
            <dd>{describeStretch(stretch)}</dd>
            {stretch.note === '' || stretch.note === note ? null : (
              <dd className={styles.quiet}>{stretch.note}</dd>
            )}
          </div>
        )}
      </dl>
      {isOne || item.stretches.length === 0 ? null : (
        <Stretches stretches={item.stretches} total={period?.entryCount} />
      )}
      {note.trim() === '' ? null : <Markdown text={note} isCompact />}
      {files.length === 0 ? null : (
        <ul className={styles.files} aria-label="Files">
          {files.map((file) => (
            <li key={file.attachmentId}>
              <FileName name={file.name} />
              <span className={styles.quiet}>{formatBytes(file.sizeBytes)}</span>
            </li>
          ))}
        </ul>
      )}
      {problem === null ? null : (
        <Notice tone="warning" title="It could not be taken over">
          {problem}. It waits on; nothing of it is lost.
        </Notice>
      )}
      <div className={styles.actions}>
        <Button
          variant={isFirst ? 'primary' : 'secondary'}
          isPending={isPending}
          onPress={onAccept}
          {...(isFirst ? { keys: ['A'] } : {})}
        >
          Accept into the engagement
        </Button>
        <Button isPending={isPending} onPress={onDecline} {...(isFirst ? { keys: ['D'] } : {})}>
          Decline…
        </Button>
      </div>
    </article>
  );
}

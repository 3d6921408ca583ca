import type { Evaluation } from '../../../shared/contract/evaluation-requests.ts';
import { formatDateTime } from '../../format/date-time.ts';
import { Badge } from '../../ui/badge.tsx';
import { Muted } from '../../ui/stack.tsx';
import { Facts } from '../projects/facts.tsx';
import { listRatings, offerKinds } from './describe-evaluation.ts';
import styles from './evaluation.module.css';

/** One side's words, as both read them. */
export function EvaluationView({ evaluation }: { readonly evaluation: Evaluation }) {
  const { content, byName, writtenAt, isAfterOpening } = evaluation;
  const given = listRatings(content).filter(({ score }) => score !== null);
  return (
    <article className={styles.evaluation}>
      <p className={styles.by}>
        <strong>
          <bdi>{byName}</bdi>
        </strong>{' '}
        <Muted>{formatDateTime(writtenAt)}</Muted>
        {isAfterOpening ? <Badge>Written after reading the other’s</Badge> : null}
      </p>
      {given.length === 0 ? null : (
        <Facts facts={given.map(({ label, score }) => ({ term: label, value: `${score} of 5` }))} />
      )}
      <Words title="What went well" text={content.wentWell} />
      <Words title="What could be better next time" text={content.couldImprove} />
      {content.side === 'employer' ? (
        <>
          {content.testimonial === '' ? null : (
            <div>
              <strong>Testimonial</strong>
              <blockquote className={styles.testimonial}>{content.testimonial}</blockquote>
            </div>
          )}
          {content.offer === null ? null : (
            <Words
              title={`Offer: ${offerKinds[content.offer.kind].toLowerCase()}`}
              text={content.offer.text}
              isAlwaysShown
            />
          )}
        </>
      ) : content.wouldWorkAgain === null ? null : (
        <p>
          {content.wouldWorkAgain
            ? 'Would work with them again.'
            : 'Would not work with them again.'}
        </p>
      )}
    </article>
  );
}

function Words({
  title,
  text,
  isAlwaysShown = false,
}: {
  readonly title: string;
  readonly text: string;
  readonly isAlwaysShown?: boolean;
}) {
  if (text === '' && !isAlwaysShown) return null;
  return (
    <div>
      <strong>{title}</strong>
      {text === '' ? null : <p className={styles.words}>{text}</p>}
    </div>
  );
}

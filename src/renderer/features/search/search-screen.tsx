import { memo, useDeferredValue, useEffect, useRef, useState } from 'react';
import { Search, X } from 'lucide-react';
import { Input, SearchField, ToggleButton, ToggleButtonGroup } from 'react-aria-components';
import { Link, useSearchParams } from 'wouter';
import {
  type SearchHit,
  type SearchKind,
  searchKinds,
} from '../../../shared/contract/search-requests.ts';
import type { RequestOutput } from '../../../shared/contract/contract.ts';
import { useRequest } from '../../client/use-request.ts';
import { formatDate } from '../../format/date-time.ts';
import { formatCount } from '../../format/numbers.ts';
import { useSeat } from '../../frame/seat.tsx';
import { useShortcut } from '../../frame/shortcuts.ts';
import { IconButton } from '../../ui/button.tsx';
import { cx } from '../../ui/cx.ts';
import { EmptyState } from '../../ui/empty-state.tsx';
import { ErrorNotice } from '../../ui/error-notice.tsx';
import { Page } from '../../ui/panes.tsx';
import { Select } from '../../ui/select.tsx';
import { Muted } from '../../ui/stack.tsx';
import { itemsAtOnce } from '../../ui/use-pages.tsx';
import { FoundText, readAsPlain } from './found-text.tsx';
import { kindIcons, kindLabels } from './search-kinds.tsx';
import { computeHitPath } from './search-result-path.ts';
import styles from './search-screen.module.css';

type Sort = 'best' | 'newest';

/** `/search?q=…`: everything that this computer holds, by its words. */
export function SearchScreen() {
  const { scopeSeatId, isIntern } = useSeat();
  const [parameters, setParameters] = useSearchParams();
  const [typed, setTyped] = useState(parameters.get('q') ?? '');
  const [kind, setKind] = useState<SearchKind | 'all'>('all');
  const [sort, setSort] = useState<Sort>('best');
  const inputRef = useRef<HTMLInputElement>(null);
  const text = typed.trim();
  const found = useRequest(
    'search.find',
    text === ''
      ? undefined
      : {
          text: text.slice(0, 200),
          sort,
          limit: 100,
          ...(scopeSeatId === undefined ? {} : { seatId: scopeSeatId }),
          ...(kind === 'all' ? {} : { kinds: [kind] }),
        },
    { keepsPrevious: true },
  );
  useEffect(() => inputRef.current?.focus(), []);
  useShortcut({ keys: ['/'], label: 'Search', group: 'Search' }, () => inputRef.current?.focus());
  const data = text === '' ? undefined : found.data;
  // The hits come first: the choices stand there already, and only their numbers change.
  const counts = useDeferredValue(data?.counts);
  return (
    <Page title="Search" width="reading">
      <SearchField
        aria-label="Search everything"
        className={cx(styles.field)}
        value={typed}
        onChange={(next) => {
          setTyped(next);
          setParameters(next === '' ? {} : { q: next }, { replace: true });
        }}
      >
        <Search aria-hidden />
        <Input
          ref={inputRef}
          className={cx(styles.input)}
          placeholder="Words, or their beginnings: in briefs, notes, reviews, files, names"
        />
        <span className={styles.clear}>
          <IconButton label="Clear the search" icon={<X />} />
        </span>
      </SearchField>
      <Choices kind={kind} onKind={setKind} sort={sort} onSort={setSort} counts={counts} />
      {found.isError ? (
        <ErrorNotice error={found.error} onRetry={() => void found.refetch()} />
      ) : data === undefined ? (
        <EmptyState title="What are you looking for?" icon={<Search />}>
          Every word has to be there, whole or as a beginning. What was never on this computer is
          not found.
        </EmptyState>
      ) : data.hits.length === 0 ? (
        <EmptyState
          title={data.isComplete ? 'Nothing has these words' : 'Nothing yet'}
          icon={<Search />}
        >
          {data.isComplete
            ? 'Try fewer of them, or only their beginnings.'
            : 'What came lately is still being taken in.'}
        </EmptyState>
      ) : (
        <Hits hits={data.hits} isIntern={isIntern} />
      )}
      <p aria-live="polite">
        {data === undefined || data.isComplete ? null : (
          <Muted>What came lately is still being taken in; more may be found in a moment.</Muted>
        )}
      </p>
    </Page>
  );
}

interface ChoicesProps {
  readonly kind: SearchKind | 'all';
  readonly onKind: (kind: SearchKind | 'all') => void;
  readonly sort: Sort;
  readonly onSort: (sort: Sort) => void;
  /** Undefined while nothing is looked for. */
  readonly counts: RequestOutput<'search.find'>['counts'] | undefined;
}

/** Which kinds are shown, and in which order. Not drawn anew with each letter. */
const Choices = memo(function Choices({ kind, onKind, sort, onSort, counts }: ChoicesProps) {
  const total = Object.values(counts ?? {}).reduce((sum, count) => sum + count, 0);
  return (
    <div className={styles.bar}>
      <ToggleButtonGroup
        aria-label="Kinds"
        selectionMode="single"
        disallowEmptySelection
        selectedKeys={[kind]}
        onSelectionChange={(keys) => {
          const [next] = keys;
          onKind(searchKinds.find((each) => each === next) ?? 'all');
        }}
        className={cx(styles.kinds)}
      >
        <ToggleButton id="all" className={cx(styles.kind)}>
          All{counts === undefined ? null : <span> {formatCount(total)}</span>}
        </ToggleButton>
        {searchKinds.map((each) => (
          <ToggleButton key={each} id={each} className={cx(styles.kind)}>
            {kindLabels[each]}
            {counts?.[each] === undefined ? null : <span> {formatCount(counts[each])}</span>}
          </ToggleButton>
        ))}
      </ToggleButtonGroup>
      <Select<Sort> label="Order" options={orders} value={sort} onChange={onSort} />
    </div>
  );
});

const orders = [
  { id: 'best', label: 'Best first' },
  { id: 'newest', label: 'Newest first' },
] as const;

const noHits: readonly SearchHit[] = [];

/**
 * Not drawn anew with each letter: the answer to it comes later. The first hits are drawn at once, and the others when these
 * stand; until then those of the answer before keep the page as long as it was.
 */
const Hits = memo(function Hits({
  hits,
  isIntern,
}: {
  readonly hits: readonly SearchHit[];
  readonly isIntern: boolean;
}) {
  const drawn = useDeferredValue(hits, noHits);
  const first = hits.slice(0, itemsAtOnce);
  const others = drawn.slice(itemsAtOnce).filter(({ id }) => !first.some((hit) => hit.id === id));
  return (
    <ul className={styles.hits} aria-label="Found">
      {[...first, ...others].map((hit) => (
        <li key={`${hit.kind}/${hit.id}`}>
          <Hit hit={hit} isIntern={isIntern} />
        </li>
      ))}
    </ul>
  );
});

const Hit = memo(function Hit({
  hit,
  isIntern,
}: {
  readonly hit: SearchHit;
  readonly isIntern: boolean;
}) {
  return (
    <Link href={computeHitPath(hit, isIntern)} className={styles.hit}>
      <span className={styles.icon} aria-hidden>
        {kindIcons[hit.kind]}
      </span>
      <span className={styles.texts}>
        <span className={styles.title}>
          <FoundText text={hit.title === '' ? kindLabels[hit.kind] : hit.title} />
        </span>
        {hit.excerpt === '' ? null : (
          <span className={styles.excerpt}>
            <FoundText text={readAsPlain(hit.excerpt)} />
          </span>
        )}
        <Muted>
          {[kindLabels[hit.kind], hit.context, hit.at === null ? '' : formatDate(hit.at)]
            .filter((part) => part !== '')
            .join(' · ')}
        </Muted>
      </span>
    </Link>
  );
});

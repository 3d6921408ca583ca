import type { Query } from '@tanstack/react-query';
import { engineEventSchema, type EngineEvent } from '../../shared/contract/events.ts';
import type { Carrier, ConnectionState } from './carrier.ts';
import { invalidateSoon } from './queries.ts';
import { dataTopics, listTopicsOf } from './topics-by-table.ts';

const topicOf = (query: Query): string => {
  const name = query.queryKey[0];
  return typeof name === 'string' ? (name.split('.')[0] ?? '') : '';
};

function isOfSeat(query: Query, seatId: string): boolean {
  const input = query.queryKey[1];
  if (typeof input !== 'object' || input === null || !('seatId' in input)) return true;
  return input.seatId === undefined || input.seatId === seatId;
}

const topics = {
  data: new Set<string>(dataTopics),
  sync: new Set(['sync', 'app', 'vault']),
  /** What shows how far a file is. It moves many times a second. */
  transfer: new Set(['sync', 'task', 'submission', 'review', 'transfers']),
  timer: new Set(['timer', 'today', 'hours', 'task', 'tasks']),
};

const showsAnyOf =
  (shown: ReadonlySet<string>, seatId: string) =>
  (query: Query): boolean =>
    shown.has(topicOf(query)) && isOfSeat(query, seatId);

const isData = (query: Query) => topics.data.has(topicOf(query));
const isSync = (query: Query) => topics.sync.has(topicOf(query));
/** Not `files.space`, which looks at every file: it follows what is attached, arrives, or is freed. */
const isTransfer = (query: Query) =>
  topics.transfer.has(topicOf(query)) || query.queryKey[0] === 'files.imports';
const showsPlaces = (query: Query) =>
  query.queryKey[0] === 'files.offline' || query.queryKey[0] === 'files.space';
const isSearch = (query: Query) => topicOf(query) === 'search';
const isTimer = (query: Query) => topics.timer.has(topicOf(query));

export type ArrivedEvent = Extract<EngineEvent, { type: 'arrived' }>;

function applyEvent(
  event: EngineEvent,
  { onArrived, onOpened }: Pick<ChangeFeedListener, 'onArrived' | 'onOpened'>,
): void {
  switch (event.type) {
    case 'changed':
      invalidateSoon(showsAnyOf(listTopicsOf(event.tables), event.seatId));
      if (event.tables.includes('attachments')) invalidateSoon(showsPlaces);
      return;
    case 'sync':
      // Where a mark changes, `changed` comes as well. This one comes with every attempt while offline, and
      // must not fetch long lists each time.
      invalidateSoon(isSync);
      return;
    case 'transfers':
      invalidateSoon(isTransfer);
      return;
    case 'timer':
      invalidateSoon(isTimer);
      return;
    case 'searchable':
      invalidateSoon(isSearch);
      return;
    case 'app':
      invalidateSoon(() => true);
      return;
    case 'opened':
      onOpened(event.path);
      return;
    case 'arrived':
      invalidateSoon((query) => isData(query) && isOfSeat(query, event.seatId));
      onArrived(event);
      return;
    default:
      event satisfies never;
  }
}

export interface ChangeFeedListener {
  readonly onArrived: (event: ArrivedEvent) => void;
  readonly onOpened: (path: string) => void;
  readonly onConnection: (state: ConnectionState) => void;
}

/** Keeps the cached answers true to the workspace. Returns a function that ends it. */
export function followChanges(
  carrier: Carrier,
  { onArrived, onOpened, onConnection }: ChangeFeedListener,
): () => void {
  return carrier.subscribe({
    onEvent: (data) => {
      const event = engineEventSchema.safeParse(data);
      // A kind of event that this page does not know still means that something changed.
      if (event.success) applyEvent(event.data, { onArrived, onOpened });
      else invalidateSoon(() => true);
    },
    onConnection: (state) => {
      onConnection(state);
      if (state === 'connected') invalidateSoon(() => true);
    },
  });
}

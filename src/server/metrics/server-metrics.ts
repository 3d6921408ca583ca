// oxlint-disable-next-line no-restricted-imports -- the machine's own event loop is what is watched
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { MetricFamilies } from './metric-families.ts';

/** What is worth watching of a server. Nothing of it names a person, an organization or a content. */
export interface ServerMetrics {
  countRequest(request: {
    readonly method: string;
    /** The pattern, not the address. */
    readonly route: string;
    readonly status: number;
    readonly elapsedMs: number;
  }): void;
  countMutation(outcome: 'applied' | 'rejected' | 'quarantined' | 'repeated'): void;
  countPulledRows(count: number): void;
  observeLockWait(elapsedMs: number): void;
  beginUpload(): void;
  endUpload(): void;
  countArrived(sizeBytes: number): void;
  countDamaged(reason: 'missing' | 'changed'): void;
  countHealed(): void;
  countScrubbed(sizeBytes: number): void;
  countCollected(collected: {
    readonly collectedContents: number;
    readonly collectedBytes: number;
  }): void;
  /** @param pokeListeners how many streams of pokes are open. */
  render(present: { readonly pokeListeners: number }): string;
  stop(): void;
}

const durationBounds = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60];
const loopResolutionMs = 10;
const nanosecondsPerSecond = 1e9;

export function createServerMetrics(): ServerMetrics {
  const families = new MetricFamilies();
  let pokeListeners = 0;
  let uploads = 0;
  const requests = families.createCounter(
    'stint_http_requests_total',
    'Requests answered, by route and status.',
  );
  const durations = families.createHistogram(
    'stint_http_request_duration_seconds',
    'Time until the answer was sent, by route. Streams of pokes are counted when they end.',
    durationBounds,
  );
  const mutations = families.createCounter(
    'stint_push_mutations_total',
    'Changes pushed, by what they were answered.',
  );
  const pulledRows = families.createCounter('stint_pull_rows_total', 'Rows sent in pulls.');
  const lockWaits = families.createHistogram(
    'stint_organization_lock_wait_seconds',
    "Time until a change had its organization's lock, the wait for a connection included.",
    durationBounds,
  );
  const uploadedBytes = families.createCounter(
    'stint_upload_bytes_total',
    'Bytes of contents that arrived.',
  );
  const damaged = families.createCounter(
    'stint_contents_damaged_total',
    'Contents found missing, or not what their hash says, and asked for again.',
  );
  const healed = families.createCounter(
    'stint_contents_healed_total',
    'Damaged contents that a device has given again.',
  );
  const scrubbed = families.createCounter(
    'stint_scrubbed_bytes_total',
    'Bytes of contents read and compared with their hashes.',
  );
  const collected = families.createCounter(
    'stint_contents_collected_total',
    'Contents removed since nothing referred to them.',
  );
  const collectedBytes = families.createCounter(
    'stint_contents_collected_bytes_total',
    'Bytes of contents removed since nothing referred to them.',
  );
  families.addGauge('stint_uploads_running', 'Uploads under way now.', () => uploads);
  families.addGauge('stint_poke_listeners', 'Streams of pokes open now.', () => pokeListeners);
  families.addGauge('process_resident_memory_bytes', 'Memory of this process.', () =>
    process.memoryUsage.rss(),
  );
  const delays = monitorEventLoopDelay({ resolution: loopResolutionMs });
  delays.enable();
  families.addGauge(
    'stint_event_loop_delay_p99_seconds',
    'How late the event loop turned, 99 of 100 times at most, since it was asked last.',
    () => (delays.count === 0 ? 0 : delays.percentile(99) / nanosecondsPerSecond),
  );
  families.addGauge(
    'stint_event_loop_delay_max_seconds',
    'How late the event loop turned at worst, since it was asked last.',
    () => delays.max / nanosecondsPerSecond,
  );
  return {
    countRequest({ method, route, status, elapsedMs }) {
      requests.add({ method, route, status: String(status) });
      durations.observe({ method, route }, elapsedMs / 1000);
    },
    countMutation: (outcome) => mutations.add({ outcome }),
    countPulledRows: (count) => pulledRows.add({}, count),
    observeLockWait: (elapsedMs) => lockWaits.observe({}, elapsedMs / 1000),
    countDamaged: (reason) => damaged.add({ reason }),
    countHealed: () => healed.add({}),
    countScrubbed: (sizeBytes) => scrubbed.add({}, sizeBytes),
    countCollected(collection) {
      if (collection.collectedContents === 0) return;
      collected.add({}, collection.collectedContents);
      collectedBytes.add({}, collection.collectedBytes);
    },
    beginUpload() {
      uploads += 1;
    },
    endUpload() {
      uploads -= 1;
    },
    countArrived(sizeBytes) {
      if (sizeBytes > 0) uploadedBytes.add({}, sizeBytes);
    },
    render(present) {
      pokeListeners = present.pokeListeners;
      const text = families.render();
      delays.reset();
      return text;
    },
    stop: () => void delays.disable(),
  };
}

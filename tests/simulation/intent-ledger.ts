import type { RearrangeTime } from '../../src/shared/mutations/time-changes.ts';
import type { SimulatedDevice } from './world/simulated-device.ts';

/** What a person meant to do, written down outside the app. */
export interface Intent {
  readonly id: number;
  readonly step: number;
  readonly device: string;
  readonly orgId: string;
  readonly kind: string;
  /** The app said that it was done; false where its program ended before it could, or it refused. */
  isPromised: boolean;
  /** False once every device that held it went back to an older state, and the server too. */
  isRequired: boolean;
  /** What the app queued for it. */
  readonly mutationIds: string[];
  /** The request about approved time that it made; what it asks for is done only when that is accepted. */
  requestId: string | null;
}

/** One entry as the people who wrote in it would have it. */
export interface TimeModel {
  /** More than one where the same file was imported again, or on another computer. */
  readonly adds: Intent[];
  readonly endedAt: string;
  readonly startedAt: string;
  /** In the order of each device; the last of each may win. */
  readonly edits: { readonly intent: Intent; readonly endedAt: string }[];
  readonly deletes: Intent[];
  readonly restores: Intent[];
}

/** Words that stand once in one column of the server, when their intent was applied. */
interface WrittenText {
  readonly intent: Intent;
  readonly table: string;
  readonly column: string;
  readonly text: string;
}

/** All intents of a run, and what of the outcome follows from them. */
export class IntentLedger {
  readonly intents: Intent[] = [];
  /** By the note, which only one entry carries; one that others were merged into has several, one after the other. */
  readonly times = new Map<string, TimeModel>();
  /** The notes of timers; what one timer recorded carries its note. */
  readonly timers = new Set<string>();
  readonly texts: WrittenText[] = [];
  /** What a person may have sent again, as another change, from the list of what was refused. */
  readonly sentAgain = new Set<string>();
  /** By device: how its last split or merge is taken back, and what that means for the entries. */
  readonly rearranged = new Map<
    string,
    { readonly undo: RearrangeTime; readonly note: (intent: Intent) => void }
  >();
  /** By the note, which only one submission carries. */
  readonly submissions = new Map<string, { readonly intent: Intent; readonly taskId: string }>();
  readonly #seenSeq = new Map<string, number>();

  begin(step: number, device: SimulatedDevice, orgId: string, kind: string): Intent {
    const intent: Intent = {
      id: this.intents.length + 1,
      step,
      device: device.name,
      orgId,
      kind,
      isPromised: false,
      isRequired: false,
      mutationIds: [],
      requestId: null,
    };
    this.intents.push(intent);
    return intent;
  }

  /** The app said that it was done. */
  promise(intent: Intent, device: SimulatedDevice): void {
    intent.isPromised = true;
    intent.isRequired = true;
    device.held.add(intent.id);
  }

  /** What a device has queued since the last look. */
  listNewMutations(device: SimulatedDevice): string[] {
    const ids: string[] = [];
    for (const connection of device.listSeatConnections()) {
      const key = `${device.name} ${connection.name.split('/').at(-2)}`;
      const rows = connection
        .prepare('select id, deviceSeq from outbox where deviceSeq > ? order by deviceSeq')
        .all(this.#seenSeq.get(key) ?? 0) as { id: string; deviceSeq: number }[];
      const last = rows.at(-1);
      if (last !== undefined) this.#seenSeq.set(key, last.deviceSeq);
      ids.push(...rows.map(({ id }) => id));
    }
    return ids;
  }

  /** After a device's files went back, or came from another one's: where its outbox ends now. */
  forgetSeen(device: SimulatedDevice): void {
    for (const key of this.#seenSeq.keys())
      if (key.startsWith(`${device.name} `)) this.#seenSeq.delete(key);
    this.listNewMutations(device);
  }

  /** Those that no device's files hold any more, of these. */
  listUnheld(ids: Iterable<number>, devices: readonly SimulatedDevice[]): Intent[] {
    return [...ids]
      .filter((id) => !devices.some((device) => device.held.has(id)))
      .flatMap((id) => this.intents.find((intent) => intent.id === id) ?? []);
  }
}

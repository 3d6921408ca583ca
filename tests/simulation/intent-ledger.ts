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
}

interface TimeModel {
  readonly add: Intent;
  readonly endedAt: string;
  readonly startedAt: string;
  /** In the order of each device; the last of each may win. */
  readonly edits: { readonly intent: Intent; readonly endedAt: string }[];
  readonly deletes: Intent[];
}

/** All intents of a run, and what of the outcome follows from them. */
export class IntentLedger {
  readonly intents: Intent[] = [];
  /** By the note, which only one entry carries. */
  readonly times = new Map<string, TimeModel>();
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

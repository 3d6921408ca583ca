import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { closeAll } from '../../../shared/close-all.ts';
import type { EngineEvent } from '../../../shared/contract/events.ts';
import { seatMigrations } from '../database/migration-lists.ts';
import { type OpenedDatabase, openDatabase } from '../database/open-database.ts';
import type { SeatDatabase } from '../database/seat-tables.ts';
import type { WorkspaceDatabase } from '../database/workspace-tables.ts';
import type { WorkspacePorts } from '../ports/system-ports.ts';
import { Seat, type SeatRecord } from './seat.ts';

/**
 * The seats of this installation. Each has a database of its own, `seats/<seatId>/seat.db`: what one
 * server sends can never touch the rows of another's organization, and one person may hold two roles in
 * one organization (the sample does).
 */
export class SeatRegistry {
  readonly #folder: string;
  readonly #workspaceDb: OpenedDatabase<WorkspaceDatabase>;
  readonly #ports: WorkspacePorts;
  readonly #emit: (event: EngineEvent) => void;
  readonly #beforeMigration: ((path: string) => Promise<void>) | undefined;
  readonly #seats = new Map<string, Seat>();
  readonly #opening = new Map<string, Promise<Seat>>();

  constructor(
    folder: string,
    workspaceDb: OpenedDatabase<WorkspaceDatabase>,
    ports: WorkspacePorts,
    emit: (event: EngineEvent) => void,
    beforeMigration?: (path: string) => Promise<void>,
  ) {
    this.#folder = folder;
    this.#beforeMigration = beforeMigration;
    this.#workspaceDb = workspaceDb;
    this.#ports = ports;
    this.#emit = emit;
  }

  find(seatId: string): Seat | undefined {
    return this.#seats.get(seatId);
  }

  /** In the order in which they were made. */
  list(): Seat[] {
    return [...this.#seats.values()];
  }

  async openAll(): Promise<void> {
    const rows = await this.#workspaceDb.db
      .selectFrom('seats')
      .select('seatId')
      .orderBy('createdAt')
      .orderBy('seatId')
      .execute();
    for (const { seatId } of rows) await this.open(seatId);
  }

  /** Opens a seat whose row stands in the workspace's database, making its own database at first. */
  async open(seatId: string): Promise<Seat> {
    const record = await this.#loadRecord(seatId);
    const known = this.#seats.get(seatId);
    if (known !== undefined) {
      known.record = record;
      return known;
    }
    // Who signs in twice at once gets the same: a second connection would never be closed.
    const opening =
      this.#opening.get(seatId) ??
      this.#openAnew(record).finally(() => this.#opening.delete(seatId));
    this.#opening.set(seatId, opening);
    return opening;
  }

  async #openAnew(record: SeatRecord): Promise<Seat> {
    const { seatId } = record;
    const folder = join(this.#folder, seatId);
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const opened = await openDatabase<SeatDatabase>(
      join(folder, 'seat.db'),
      seatMigrations,
      this.#beforeMigration,
    );
    const seat = new Seat(record, opened, this.#ports, this.#emit);
    this.#seats.set(seatId, seat);
    return seat;
  }

  async #loadRecord(seatId: string): Promise<SeatRecord> {
    const row = await this.#workspaceDb.db
      .selectFrom('seats')
      .innerJoin('accounts', 'accounts.accountKey', 'seats.accountKey')
      .select([
        'seats.seatId',
        'seats.accountKey',
        'seats.orgId',
        'seats.membershipId',
        'seats.role',
        'seats.organizationName',
        'accounts.accountId',
        'accounts.email',
        'accounts.serverUrl',
        'accounts.isSample',
      ])
      .where('seats.seatId', '=', seatId)
      .executeTakeFirstOrThrow();
    return { ...row, isSample: row.isSample === 1 };
  }

  /**
   * A person's role is the server's word: where it has brought another one than this installation knew, the seat takes it on.
   * Returns whether it did.
   */
  async takeOnRole(seat: Seat): Promise<boolean> {
    const { seatId, orgId, membershipId, role } = seat.record;
    const own = await seat.db
      .selectFrom('memberships')
      .select('role')
      .where('orgId', '=', orgId)
      .where('id', '=', membershipId)
      .executeTakeFirst();
    if (own === undefined || own.role === role) return false;
    await this.#workspaceDb.db
      .updateTable('seats')
      .set({ role: own.role })
      .where('seatId', '=', seatId)
      .execute();
    seat.record = { ...seat.record, role: own.role };
    return true;
  }

  async closeAll(): Promise<void> {
    const seats = this.list();
    this.#seats.clear();
    await closeAll(seats.map((seat) => () => seat.opened.close()));
  }
}

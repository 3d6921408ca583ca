import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import packageManifest from '../../package.json' with { type: 'json' };
import { closeAll } from '../shared/close-all.ts';
import { openServerStorage } from './database/open-server-storage.ts';
import { prepareDataFolder } from './data-folder.ts';
import { openBlobStore } from './files/blob-location.ts';
import { createContentScrubber } from './files/content-scrubber.ts';
import type { MediaPolicy } from './files/media-policy.ts';
import { scheduleUpkeep } from './files/schedule-upkeep.ts';
import { createSmallFileIntake } from './files/small-file-intake.ts';
import { createTusEndpoint } from './files/tus-endpoint.ts';
import { createUploadLocker } from './files/upload-locker.ts';
import { createUploadRegistry } from './files/upload-registry.ts';
import { computeSessionMs, defaultSessionDays } from './accounts/sessions.ts';
import { buildHttpApp } from './http/build-http-app.ts';
import type { HttpApp } from './http/http-app.ts';
import { endSlowBodies } from './http/slow-bodies.ts';
import { endStalledReaders } from './http/stalled-readers.ts';
import { createServerMetrics } from './metrics/server-metrics.ts';
import { createPokeHub } from './pokes/poke-hub.ts';
import { createPokeSource } from './pokes/poke-source.ts';
import { sharePokes } from './pokes/share-pokes.ts';
import { repeat } from './ports/repeat.ts';
import { createServerPorts, type ServerPorts } from './ports/server-ports.ts';
import { runExclusively } from './processes/run-exclusively.ts';
import { computeNetworkKey } from './network-key.ts';
import { createRateLimiter, type RateLimit } from './rate-limiter.ts';
import { createServerLog, describeFault, type LogLevel } from './server-log.ts';
import { createOrganizationWriter } from './sync/organization-writer.ts';
import { loadReceiptSigner } from './sync/receipt-signer.ts';
import { openDueEvaluations } from './sync/open-evaluations.ts';

export interface ServerOptions {
  /** Made where it does not exist; everything the server keeps lies in it. */
  readonly dataFolder: string;
  /**
   * `postgres://USER:PASSWORD@HOST:PORT/DATABASE`, where the database is not to be the folder's own SQLite
   * file. Several processes may then serve one database and one folder. Never logged.
   */
  readonly databaseUrl?: string;
  /** What the server calls itself. */
  readonly name?: string;
  /** Whether anyone may make an account; the very first account is always let in. */
  readonly signup?: 'open' | 'invitation';
  /** The address that people use, where a proxy stands before the server. */
  readonly publicUrl?: string;
  /** Take the caller's address from `x-forwarded-for`; only behind a proxy that sets it. */
  readonly trustProxy?: boolean;
  /** Lines go to standard error; `info` unless said otherwise. */
  readonly logLevel?: LogLevel;
  /** Takes the log's lines instead of standard error. */
  readonly logTo?: { write(line: string): void };
  /** `s3://BUCKET/PREFIX?…`, where the contents are not to lie in the folder; the keys come from the environment. */
  readonly blobs?: string;
  /** 16 GiB unless said otherwise. */
  readonly maximumFileBytes?: number;
  /** How much an organization may keep that has no quota of its own; without end unless said otherwise. */
  readonly quotaBytes?: number;
  readonly mediaPolicy?: MediaPolicy;
  /** Serve `/metrics`: with a token to whoever brings it, without one to this machine alone. */
  readonly metrics?: { readonly token?: string };
  /** After how many days without use a session ends by itself; 180 unless said otherwise. */
  readonly sessionDays?: number;
  /** How many connections one network address may keep open; 2,000 unless said otherwise, 0 for no bound. */
  readonly connectionsPerAddress?: number;
  /** Sign in, register, and invitations; by account, new names for devices and new organizations. */
  readonly rateLimits?: {
    readonly perAddress?: RateLimit;
    readonly perEmail?: RateLimit;
    readonly perInvitation?: RateLimit;
    readonly perAccount?: RateLimit;
  };
  readonly ports?: Partial<ServerPorts>;
}

/** A server that does not listen yet. */
export interface OpenedServer {
  readonly app: HttpApp;
  /** Ends streams, lets what is being written finish, closes the database. Closing twice is harmless. */
  close(): Promise<void>;
}

/** How long requests under way are waited for at the end. */
const drainMs = 5000;
const sweepMs = 6 * 3_600_000;
const settleMs = 10 * 60_000;
/** What was sealed for fourteen days is opened at most so much later. */
const openEvaluationsMs = 15 * 60_000;
const sessionCheckMs = 30_000;
const defaultMaximumFileBytes = 16 * 1024 ** 3;
const defaultConnectionsPerAddress = 2000;
const defaultRateLimits = {
  perAddress: { burst: 120, perMinute: 60 },
  perEmail: { burst: 20, perMinute: 10 },
  perInvitation: { burst: 5, perMinute: 5 / (24 * 60) },
  perAccount: { burst: 20, perMinute: 2 },
} as const satisfies Record<string, RateLimit>;

/**
 * Opens the sync server on one data folder, ready to answer.
 * @throws StintError `workspace_in_use`, `workspace_unwritable`, `database_newer` or `database_damaged`;
 * the folder is then as it was. `unavailable` where PostgreSQL does not answer.
 */
export async function openServer(options: ServerOptions): Promise<OpenedServer> {
  const folder = prepareDataFolder(options.dataFolder);
  const ports = createServerPorts(options.ports);
  const storage = await openServerStorage(folder, options.databaseUrl, ports.timers);
  const { database, link } = storage;
  // What was opened is closed in the opposite order, whether the start fails or the server ends.
  const closers: (() => Promise<void> | void)[] = [() => storage.close()];
  try {
    const log = createServerLog(options.logLevel ?? 'info', options.logTo);
    const reportFault = (error: unknown): void =>
      log.error({ fault: describeFault(error) }, 'fault');
    const signer = await runExclusively(link, ports.timers, 'keys', () =>
      Promise.resolve(loadReceiptSigner(folder.keys)),
    );
    const mediaPolicy = options.mediaPolicy ?? {};
    const sessionMs = computeSessionMs(options.sessionDays ?? defaultSessionDays);
    const hub = createPokeHub(
      createPokeSource(database, ports.clock, sessionMs),
      ports.timers,
      reportFault,
    );
    const pokes = sharePokes(hub, link);
    closers.push(repeat(ports.timers, sessionCheckMs, async () => hub.closeEndedSessions()));
    const counted = options.metrics === undefined ? undefined : createServerMetrics();
    if (counted !== undefined) closers.push(() => counted.stop());
    const writer = createOrganizationWriter({
      database,
      signer,
      pokes,
      clock: ports.clock,
      onLocked: (waitedMs) => counted?.observeLockWait(waitedMs),
    });
    const blobs = await openBlobStore(folder.blobs, options.blobs, {
      clock: ports.clock,
      link,
    });
    closers.push(() => blobs.close());
    const scrubber = createContentScrubber({
      database,
      link,
      ports,
      blobs,
      onDamaged({ orgId, sha256, reason }) {
        log.error({ orgId, sha256, reason }, 'content damaged');
        counted?.countDamaged(reason);
        // Whoever has it asks what is wanted, and sends it.
        pokes.notify(orgId);
      },
      onScrubbed: (sizeBytes) => counted?.countScrubbed(sizeBytes),
    });
    const uploads = createUploadRegistry({
      database,
      link,
      ports,
      writer,
      blobs,
      folder: folder.uploads,
      quotaBytes: options.quotaBytes,
      mediaPolicy,
      onHealed: () => counted?.countHealed(),
    });
    const onArrived = (sizeBytes: number): void => counted?.countArrived(sizeBytes);
    const smallFiles = createSmallFileIntake({
      database,
      link,
      ports,
      writer,
      blobs,
      quotaBytes: options.quotaBytes,
      mediaPolicy,
      onHealed: () => counted?.countHealed(),
      onArrived,
      reportFault,
    });
    await blobs.settle().catch(reportFault);
    closers.push(() => smallFiles.stop());
    // What another process left that died, or could not be settled before.
    closers.push(repeat(ports.timers, settleMs, () => blobs.settle().catch(reportFault)));
    closers.push(() => uploads.flush());
    await uploads.recover(reportFault);
    closers.push(repeat(ports.timers, sweepMs, () => uploads.sweep().catch(reportFault)));
    const openDue = async () => openDueEvaluations({ database, writer, ports }).catch(reportFault);
    await openDue();
    closers.push(repeat(ports.timers, openEvaluationsMs, openDue));
    closers.push(
      scheduleUpkeep({
        collector: { database, link, ports, blobs, dataFolder: folder.root },
        scrubber,
        log,
        reportFault,
        onCollected: (collection) => counted?.countCollected(collection),
      }),
    );
    // After the requests under way, and before what waits for all that was begun.
    closers.push(() => link.announceEnd());
    const tus = createTusEndpoint({
      registry: uploads,
      randomness: ports.randomness,
      timers: ports.timers,
      locker: createUploadLocker(link, ports.clock, ports.timers),
      onArrived,
      maximumFileBytes: options.maximumFileBytes ?? defaultMaximumFileBytes,
      mediaPolicy,
    });
    const rateLimits = { ...defaultRateLimits, ...options.rateLimits };
    const app = buildHttpApp({
      name: options.name ?? 'Stint server',
      version: packageManifest.version,
      signup: options.signup ?? 'open',
      publicUrl: options.publicUrl,
      trustProxy: options.trustProxy ?? false,
      ports,
      sessionMs,
      log,
      metrics: counted === undefined ? undefined : { counted, token: options.metrics?.token },
      database,
      signer,
      pokes,
      writer,
      blobs,
      scrubber,
      uploads,
      smallFiles,
      tus,
      limits: {
        perAddress: createRateLimiter(rateLimits.perAddress, ports.clock, computeNetworkKey),
        perEmail: createRateLimiter(rateLimits.perEmail, ports.clock),
        perInvitation: createRateLimiter(rateLimits.perInvitation, ports.clock),
        perAccount: createRateLimiter(rateLimits.perAccount, ports.clock),
        connectionsPerAddress: options.connectionsPerAddress ?? defaultConnectionsPerAddress,
      },
    });
    closers.push(async () => {
      // A request whose body never ends must not keep the server from ending.
      const cancelDeadline = ports.timers.after(drainMs, () => app.server.closeAllConnections());
      await app.close().finally(cancelDeadline);
    });
    closers.push(endSlowBodies(app.server, ports), endStalledReaders(app.server, ports));
    closers.push(followConnections(app.server));
    closers.push(() => pokes.close());

    let closing: Promise<void> | undefined;
    return { app, close: () => (closing ??= closeAll(closers)) };
  } catch (error) {
    // Why it could not be opened says more than what its end met.
    await closeAll(closers).catch(() => {});
    throw error;
  }
}

/**
 * Follows the connections that a server which ends need not wait for, and answers the way to cut them off:
 * uploads and downloads, which may last for hours and go on where they were, and connections on which
 * nothing was asked, among them those that a client opened in advance and never used, which Node counts
 * as busy.
 */
function followConnections(server: Server): () => void {
  const dispensable = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    dispensable.add(socket);
    socket.once('close', () => dispensable.delete(socket));
  });
  server.on('request', ({ method, url, socket }, response) => {
    const isTransfer = method === 'PATCH' || /\/files\/[0-9a-f]{64}$/.test(url ?? '');
    if (!isTransfer) dispensable.delete(socket);
    response.once('close', () => {
      if (!socket.destroyed) dispensable.add(socket);
    });
  });
  return () => {
    for (const socket of dispensable) socket.destroy();
  };
}

import type { ServerDatabase } from './database/server-database.ts';
import type { BlobStore } from './files/blob-store.ts';
import type { ContentScrubber } from './files/content-scrubber.ts';
import type { SmallFileIntake } from './files/small-file-intake.ts';
import type { TusEndpoint } from './files/tus-endpoint.ts';
import type { UploadRegistry } from './files/upload-registry.ts';
import type { ServerMetrics } from './metrics/server-metrics.ts';
import type { PokeHub } from './pokes/poke-hub.ts';
import type { ServerPorts } from './ports/server-ports.ts';
import type { RateLimiter } from './rate-limiter.ts';
import type { ServerLog } from './server-log.ts';
import type { OrganizationWriter } from './sync/organization-writer.ts';
import type { ReceiptSigner } from './sync/receipt-signer.ts';

/** What the routes work with; put together once, in `start-server.ts`. */
export interface ServerContext {
  readonly name: string;
  readonly version: string;
  readonly signup: 'open' | 'invitation';
  readonly publicUrl: string | undefined;
  readonly trustProxy: boolean;
  readonly ports: ServerPorts;
  /** How long a session lives without being used. */
  readonly sessionMs: number;
  readonly log: ServerLog;
  /** Undefined where the server was started without; with a token, only for whoever brings it. */
  readonly metrics:
    | { readonly counted: ServerMetrics; readonly token: string | undefined }
    | undefined;
  readonly database: ServerDatabase;
  readonly signer: ReceiptSigner;
  readonly pokes: PokeHub;
  readonly writer: OrganizationWriter;
  readonly blobs: BlobStore;
  readonly scrubber: ContentScrubber;
  readonly uploads: UploadRegistry;
  readonly smallFiles: SmallFileIntake;
  readonly tus: TusEndpoint;
  readonly limits: {
    readonly perAddress: RateLimiter;
    readonly perEmail: RateLimiter;
    /** Accounts that are made with one invitation, where one is needed: an honest one makes one. */
    readonly perInvitation: RateLimiter;
    /** New names for devices (SY-16), of which an honest account needs one for each copy of a workspace; new organizations. */
    readonly perAccount: RateLimiter;
    /** How many connections one network address may keep open; 0 for no bound. */
    readonly connectionsPerAddress: number;
  };
}

import { stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { EngagementDocument } from '../../../../shared/bundle/engagement-document.ts';
import type { OpenedBundle } from '../../../../shared/contract/opened-bundle-requests.ts';
import { StintError } from '../../../../shared/errors.ts';
import type { Workspace } from '../../engine/workspace.ts';
import { listBundledFiles } from '../compute-engagement-document.ts';
import { type BundleVerdict, verifyBundle } from '../verify-bundle.ts';
import { type ReadableBundle, readBundle, readDocument } from './read-bundle.ts';

/** More than a person looks at; each keeps a file open. */
const mostOpen = 16;
/** Whoever wants all of it asks `stint verify`. */
const longestList = 100;

export interface BundledContent {
  /** The archive. */
  readonly path: string;
  readonly name: string;
  readonly mediaType: string;
  readonly sizeBytes: number;
  /** Where in the archive the content begins. */
  readonly startByte: number;
}

interface Opened {
  readonly bundle: ReadableBundle;
  readonly path: string;
  readonly description: Omit<OpenedBundle, 'check'>;
  /** Attachment → what it is called and where it lies in the bag. */
  readonly files: ReadonlyMap<string, { name: string; mediaType: string; path: string }>;
  check: OpenedBundle['check'];
  /** Ends its check. */
  readonly ending: AbortController;
}

const ofWorkspace = new WeakMap<Workspace, OpenBundles>();

export function getOpenBundles(workspace: Workspace): OpenBundles {
  const known = ofWorkspace.get(workspace) ?? new OpenBundles(workspace);
  ofWorkspace.set(workspace, known);
  return known;
}

/** Bundles that are being read. Nothing of them reaches the databases or the folder of files. */
export class OpenBundles {
  readonly #workspace: Workspace;
  readonly #opened = new Map<string, Opened>();

  constructor(workspace: Workspace) {
    this.#workspace = workspace;
  }

  async openExported(fileName: string): Promise<string> {
    const path = join(this.#workspace.exportsFolder, basename(fileName));
    return this.open(path, basename(fileName));
  }

  async openStaged(stagedId: string): Promise<string> {
    const staged = await this.#workspace.db
      .selectFrom('stagedFiles')
      .select(['sha256', 'name'])
      .where('stagedId', '=', stagedId)
      .executeTakeFirst();
    if (staged === undefined)
      throw new StintError('not_found', 'this file is not here any more; choose it again');
    return this.open(this.#workspace.files.path(staged.sha256), staged.name);
  }

  /** @throws StintError as `readBundle` and `readDocument` do: what cannot be read is not opened. */
  async open(path: string, name: string = basename(path)): Promise<string> {
    const found = await stat(path).catch(() => undefined);
    if (found?.isFile() !== true)
      throw new StintError('file_missing', `${name} is not there any more, or is not a file`);
    const bundle = await readBundle(path, found.size);
    try {
      const bundleId = this.#workspace.ports.randomness.uuid();
      const opened = await describe(bundleId, bundle, path, name, found.size);
      const surplus = Math.max(0, this.#opened.size + 1 - mostOpen);
      for (const oldest of [...this.#opened.keys()].slice(0, surplus)) this.close(oldest);
      this.#opened.set(bundleId, opened);
      void this.#check(bundleId, opened);
      return bundleId;
    } catch (error) {
      bundle.close();
      throw error;
    }
  }

  get(bundleId: string): OpenedBundle {
    const { description, check } = this.#get(bundleId);
    return { ...description, check };
  }

  async readEngagement(bundleId: string, index: number): Promise<EngagementDocument> {
    return readDocument(this.#get(bundleId).bundle, index);
  }

  /** @returns undefined where no such bundle is open: then it may be a seat's. */
  findFile(bundleId: string, attachmentId: string): BundledContent | undefined {
    const opened = this.#opened.get(bundleId);
    if (opened === undefined) return undefined;
    const file = opened.files.get(attachmentId);
    const content = file === undefined ? undefined : opened.bundle.files.get(file.path);
    if (file === undefined || content === undefined)
      throw new StintError('not_found', 'this file is not in the bundle');
    if (content.storedAt === undefined)
      throw new StintError(
        'unavailable',
        'another program packed this bundle anew, and its files cannot be shown from within: unpack it to see them',
      );
    const { name, mediaType } = file;
    return {
      path: opened.path,
      name,
      mediaType,
      sizeBytes: content.sizeBytes,
      startByte: content.storedAt,
    };
  }

  close(bundleId: string): void {
    const opened = this.#opened.get(bundleId);
    opened?.bundle.close();
    opened?.ending.abort();
    this.#opened.delete(bundleId);
  }

  closeAll(): void {
    for (const bundleId of this.#opened.keys()) this.close(bundleId);
  }

  async #check(bundleId: string, opened: Opened): Promise<void> {
    try {
      const { signal } = opened.ending;
      opened.check = summarize(await verifyBundle(opened.path, { ending: signal }));
    } catch (error) {
      if (opened.ending.signal.aborted) return;
      const message = error instanceof Error ? error.message : String(error);
      opened.check = { kind: 'unreadable', message };
    }
    this.#workspace.emit({ type: 'changed', seatId: bundleId, tables: ['openBundles'] });
  }

  #get(bundleId: string): Opened {
    const opened = this.#opened.get(bundleId);
    if (opened === undefined)
      throw new StintError('not_found', 'this bundle is not open any more; open it again', {
        field: 'bundleId',
      });
    return opened;
  }
}

async function describe(
  bundleId: string,
  bundle: ReadableBundle,
  path: string,
  fileName: string,
  sizeBytes: number,
): Promise<Opened> {
  const files = new Map<string, { name: string; mediaType: string; path: string }>();
  const engagements: OpenedBundle['engagements'] = [];
  const projects = new Set<string>();
  let organizationName = '';
  for (const [index, folder] of bundle.folders.entries()) {
    const document = await readDocument(bundle, index);
    for (const file of listBundledFiles(document))
      if (!files.has(file.attachmentId))
        files.set(file.attachmentId, {
          name: file.name,
          mediaType: file.mediaType,
          path: `data/${folder}${file.path ?? ''}`,
        });
    organizationName = document.organization.name;
    projects.add(document.project.title);
    engagements.push({
      index,
      internName: document.engagement.intern.name,
      projectTitle: document.project.title,
      acceptedCount: document.tasks.filter(({ state }) => state === 'accepted').length,
      taskCount: document.tasks.length,
    });
  }
  const [first] = engagements;
  const title =
    engagements.length === 1
      ? `${first?.projectTitle ?? ''}: the work of ${first?.internName ?? ''}`
      : projects.size === 1
        ? (first?.projectTitle ?? '')
        : `Work at ${organizationName}`;
  return {
    bundle,
    path,
    files,
    description: { bundleId, fileName, sizeBytes, title, organizationName, engagements },
    check: { kind: 'checking' },
    ending: new AbortController(),
  };
}

function summarize(verdict: BundleVerdict): OpenedBundle['check'] {
  const { missing, changed, extra, problems, receipts } = verdict;
  return {
    kind: 'checked',
    isWhole: verdict.isWhole,
    fileCount: verdict.fileCount,
    sizeBytes: verdict.sizeBytes,
    missing: missing.slice(0, longestList),
    changed: changed.slice(0, longestList),
    extra: extra.slice(0, longestList),
    problems: problems.slice(0, longestList).map(({ message }) => message),
    problemCount: missing.length + changed.length + extra.length + problems.length,
    validReceipts: receipts.valid,
    redactedReceipts: receipts.redacted.length,
    keyIds: [...receipts.keyIds],
  };
}

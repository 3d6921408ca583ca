import { createHash } from 'node:crypto';
import type { HostedEngine } from '../../../src/main/hosting/hosted-engine.ts';
import type { EngineEvent } from '../../../src/shared/contract/events.ts';
import { StintError } from '../../../src/shared/errors.ts';

export interface DispatchedRequest {
  readonly name: string;
  readonly input: unknown;
  readonly audience: 'renderer' | 'local';
}

/**
 * An engine whose answers a test writes down, for what the carriers do with them. What the true engine
 * answers is the matter of its own tests.
 */
export class ScriptedEngine implements HostedEngine {
  readonly dispatched: DispatchedRequest[] = [];
  readonly imported: { name: string; sizeBytes: number; sha256: string }[] = [];
  readonly answers = new Map<string, (input: unknown) => unknown>();
  readonly attachments = new Map<
    string,
    { path: string; name: string; mediaType: string; sizeBytes: number }
  >();
  readonly exports = new Map<string, { path: string; name: string; sizeBytes: number }>();
  readonly listeners = new Set<(event: EngineEvent) => void>();
  runningWork = { hasTimer: false, hasUpload: false };
  /** Imports that ended before their end. */
  brokenImports = 0;
  closings = 0;

  async dispatch(name: string, input: unknown, audience: 'renderer' | 'local'): Promise<unknown> {
    this.dispatched.push({ name, input, audience });
    const answer = this.answers.get(name);
    if (answer === undefined)
      throw new StintError('invalid_input', `there is no request ${name}`, { field: 'name' });
    return answer(input);
  }

  subscribe(listener: (event: EngineEvent) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  emit(event: EngineEvent): void {
    for (const listener of this.listeners) listener(event);
  }

  async importStream(name: string, source: AsyncIterable<Uint8Array>) {
    if (name.includes('/')) throw new StintError('invalid_input', 'name: expected no folder');
    const hash = createHash('sha256');
    let sizeBytes = 0;
    try {
      for await (const chunk of source) {
        hash.update(chunk);
        sizeBytes += chunk.length;
      }
    } catch (error) {
      this.brokenImports += 1;
      throw error;
    }
    const sha256 = hash.digest('hex');
    this.imported.push({ name, sizeBytes, sha256 });
    return {
      stagedId: '0190a0e0-0000-7000-8000-000000000001',
      name,
      sizeBytes,
      mediaType: 'application/octet-stream',
      sha256,
    };
  }

  async openAttachment(seatId: string, attachmentId: string) {
    const file = this.attachments.get(`${seatId}/${attachmentId}`);
    if (file === undefined)
      throw new StintError('not_found', `there is no file ${attachmentId}`, {
        field: 'attachmentId',
      });
    return file;
  }

  async openExport(fileName: string) {
    const file = this.exports.get(fileName);
    if (file === undefined) throw new StintError('not_found', 'there is no such export');
    return file;
  }

  async listRunningWork() {
    return this.runningWork;
  }

  async close(): Promise<void> {
    this.closings += 1;
  }
}

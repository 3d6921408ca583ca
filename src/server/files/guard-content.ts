import { createHash } from 'node:crypto';
import { type Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream';

/** What the transfer of a content ends with that is not what its hash says. */
export class ChangedContentError extends Error {
  override readonly name = 'ChangedContentError';
}

/**
 * Passes a whole content on, and keeps its last piece back until all of it was found to have its hash: a content that
 * the store changed never arrives whole at anybody. Its transfer breaks off, and `onDamaged` looks into it.
 */
export function guardContent(
  content: Readable,
  sha256: string,
  onDamaged: () => Promise<unknown>,
): Readable {
  const hash = createHash('sha256');
  let held: Buffer | undefined;
  const guard = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      hash.update(chunk);
      const passed = held;
      held = chunk;
      done(null, passed);
    },
    flush(done) {
      if (hash.digest('hex') === sha256) {
        done(null, held);
        return;
      }
      // Whatever it finds is said where such things are: this transfer is over.
      void onDamaged().catch(() => undefined);
      done(new ChangedContentError('a content was not what its hash says'));
    },
  });
  return pipeline(content, guard, () => undefined);
}

import { createHash } from 'node:crypto';
import { type Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream';

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
      done(new Error('a content was not what its hash says'));
    },
  });
  return pipeline(content, guard, () => undefined);
}

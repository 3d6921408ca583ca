import { RequestError } from '../../client/carrier.ts';
import { describeError } from '../../client/describe-error.ts';
import { Notice } from '../../ui/notice.tsx';

/** A failure that no single field of the form shows. */
export function FormError({
  error,
  title,
  fields,
}: {
  readonly error: unknown;
  readonly title: string;
  /** Fields that say their own faults. */
  readonly fields: readonly string[];
}) {
  if (error === null || error === undefined) return null;
  if (error instanceof RequestError && error.field !== undefined && fields.includes(error.field))
    return null;
  return (
    <Notice tone="negative" title={title} isLive>
      {describeError(error)}
    </Notice>
  );
}

import { expect, test } from 'vitest';
import { describeWriteFailure } from '../../../../src/main/workspace/database/describe-write-failure.ts';

test.each(['SQLITE_FULL', 'ENOSPC', 'EDQUOT'])(
  'SY-1 a write that ends for want of room says so, whether the disk or a share of it is full: %s',
  (code) => {
    const error = Object.assign(new Error('the write failed'), { code });
    expect(describeWriteFailure(error)).toMatchObject({ code: 'disk_full' });
  },
);

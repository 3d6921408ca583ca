import { useEffect, useState } from 'react';
import { formatCount } from '../format/numbers.ts';

/** Four bytes each, once it is shown: a file of a hundred kilobytes can ask for gigabytes. */
const mostPixels = 120_000_000;

export type PictureFit =
  | { readonly kind: 'measuring' | 'fits' | 'broken' }
  | { readonly kind: 'too_large'; readonly reason: string };

/** Whether a picture of this size, in pixels, can be shown. */
export function computePictureFit(width: number, height: number): PictureFit {
  if (width * height <= mostPixels) return { kind: 'fits' };
  const reason = `This picture has ${formatCount(width)} × ${formatCount(height)} pixels, more than can be shown here. Save it to look at it with another program.`;
  return { kind: 'too_large', reason };
}

/** Measures a picture before it is shown: reading its size unpacks nothing of it. Undefined is not measured. */
export function usePictureFit(address: string | undefined): PictureFit {
  const [measured, setMeasured] = useState<{ address: string; fit: PictureFit }>();
  useEffect(() => {
    if (address === undefined) return;
    const image = new Image();
    image.onload = () => {
      const fit = computePictureFit(image.naturalWidth, image.naturalHeight);
      setMeasured({ address, fit });
    };
    image.onerror = () => setMeasured({ address, fit: { kind: 'broken' } });
    image.src = address;
    return () => {
      image.onload = null;
      image.onerror = null;
    };
  }, [address]);
  return measured !== undefined && measured.address === address
    ? measured.fit
    : { kind: 'measuring' };
}

import { mediaFragments, pdfFragments, type Selector } from './annotation.ts';

/** A rectangle in hundredths of what it lies on, from the upper left corner. */
export interface Region {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** A page of a PDF file in points, as it is shown. */
export interface PageSize {
  readonly width: number;
  readonly height: number;
}

const round = (value: number): string => String(Math.round(value * 100) / 100);

/** Inside of what it lies on, and not less than a speck. */
export function computeFittingRegion({ x, y, width, height }: Region): Region {
  const fittedWidth = Math.min(100, Math.max(1, width));
  const fittedHeight = Math.min(100, Math.max(1, height));
  return {
    x: Math.min(100 - fittedWidth, Math.max(0, x)),
    y: Math.min(100 - fittedHeight, Math.max(0, y)),
    width: fittedWidth,
    height: fittedHeight,
  };
}

/** Media Fragments 1.0, 4.2.2: `xywh=percent:10,20,30,40`, true of the picture in any size. */
export function createPictureSelector(region: Region): Selector {
  const { x, y, width, height } = computeFittingRegion(region);
  return {
    type: 'FragmentSelector',
    conformsTo: mediaFragments,
    value: `xywh=percent:${[x, y, width, height].map(round).join(',')}`,
  };
}

/** RFC 3778, section 3: `page=2&viewrect=72,90,200,50`, in points from the upper left corner of the page. */
export function createPageSelector(page: number, size: PageSize, region: Region): Selector {
  const { x, y, width, height } = computeFittingRegion(region);
  const points = [
    (x * size.width) / 100,
    (y * size.height) / 100,
    (width * size.width) / 100,
    (height * size.height) / 100,
  ];
  return {
    type: 'FragmentSelector',
    conformsTo: pdfFragments,
    value: `page=${page}&viewrect=${points.map(round).join(',')}`,
  };
}

function readNumbers(text: string): Region | undefined {
  const [x, y, width, height] = text.split(',').map(Number);
  return x === undefined || y === undefined || width === undefined || height === undefined
    ? undefined
    : { x, y, width, height };
}

/** The rectangle of a picture that selectors name. */
export function findPictureRegion(selectors: readonly Selector[]): Region | undefined {
  for (const selector of selectors)
    if (selector.type === 'FragmentSelector' && selector.conformsTo === mediaFragments)
      return readNumbers(selector.value.slice('xywh=percent:'.length));
  return undefined;
}

export interface PdfPlace {
  readonly page: number;
  /** In points from the upper left corner; undefined for the page as a whole. */
  readonly rectangle: Region | undefined;
}

/** The page of a PDF file that selectors name, and the rectangle on it. */
export function findPdfPlace(selectors: readonly Selector[]): PdfPlace | undefined {
  for (const selector of selectors) {
    if (selector.type !== 'FragmentSelector' || selector.conformsTo !== pdfFragments) continue;
    const [page = '', rectangle] = selector.value.split('&');
    return {
      page: Number(page.slice('page='.length)),
      rectangle:
        rectangle === undefined ? undefined : readNumbers(rectangle.slice('viewrect='.length)),
    };
  }
  return undefined;
}

/** A rectangle in points as hundredths of its page. */
export function computePageRegion(rectangle: Region, size: PageSize): Region {
  return {
    x: (rectangle.x * 100) / size.width,
    y: (rectangle.y * 100) / size.height,
    width: (rectangle.width * 100) / size.width,
    height: (rectangle.height * 100) / size.height,
  };
}

import {
  computePageRegion,
  createPageSelector,
  createPictureSelector,
  findPdfPlace,
  findPictureRegion,
} from '../../../shared/domain/region-selector.ts';
import type { PdfPage } from '../../ui/pdf-view.tsx';
import type { FileMarks } from './place-mark.ts';
import { RegionLayer, type RegionMark } from './region-layer.tsx';

const whole = { x: 0, y: 0, width: 100, height: 100 } as const;

/** The marks on a picture. */
export function PictureMarks({ places }: { readonly places: FileMarks }) {
  const { marks, activeId, onActivate, onPlace } = places;
  const regions = marks.flatMap((mark): RegionMark[] => {
    const region = findPictureRegion(mark.selectors);
    return region === undefined ? [] : [{ mark, region }];
  });
  return (
    <RegionLayer
      subject="the picture"
      regions={regions}
      activeId={activeId}
      onActivate={onActivate}
      onDraw={onPlace && ((region) => onPlace([createPictureSelector(region)]))}
    />
  );
}

/** The marks on one page of a PDF file. */
export function PdfPageMarks({
  page,
  places,
}: {
  readonly page: PdfPage;
  readonly places: FileMarks;
}) {
  const { marks, activeId, onActivate, onPlace } = places;
  const regions = marks.flatMap((mark): RegionMark[] => {
    const place = findPdfPlace(mark.selectors);
    if (place?.page !== page.number) return [];
    const { rectangle } = place;
    return [{ mark, region: rectangle === undefined ? whole : computePageRegion(rectangle, page) }];
  });
  return (
    <RegionLayer
      subject={`page ${page.number}`}
      regions={regions}
      activeId={activeId}
      onActivate={onActivate}
      onDraw={onPlace && ((region) => onPlace([createPageSelector(page.number, page, region)]))}
    />
  );
}

/** The page of the comment that was chosen. */
export function findActivePage(places: FileMarks | undefined): number | undefined {
  const active = places?.marks.find(({ id }) => id === places.activeId);
  return active === undefined ? undefined : findPdfPlace(active.selectors)?.page;
}

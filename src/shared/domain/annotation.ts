import { z } from 'zod';
import { idSchema, instantSchema, textSchema } from './fields.ts';

/**
 * Where in a file a comment is about, as the W3C Web Annotation Data Model says it
 * (https://www.w3.org/TR/annotation-model/#selectors): whatever reads that model reads what was said here.
 * Several selectors of one comment are several ways to find the same place.
 */

const maximumQuote = 10_000;
const maximumContext = 200;

/** Positions count Unicode code points, as the model wants it, not JavaScript's code units. */
export const textPositionSelectorSchema = z.object({
  type: z.literal('TextPositionSelector'),
  start: z.int().min(0),
  end: z.int().min(1),
});

export const textQuoteSelectorSchema = z.object({
  type: z.literal('TextQuoteSelector'),
  exact: z.string().min(1).max(maximumQuote),
  prefix: z.string().max(maximumContext),
  suffix: z.string().max(maximumContext),
});

export const mediaFragments = 'http://www.w3.org/TR/media-frags/';
export const pdfFragments = 'http://tools.ietf.org/rfc/rfc3778';

const decimal = String.raw`\d{1,7}(?:\.\d{1,3})?`;
const mediaFragmentPattern = new RegExp(
  `^xywh=percent:${decimal},${decimal},${decimal},${decimal}$`,
  'u',
);
const pdfFragmentPattern = new RegExp(
  `^page=[1-9]\\d{0,5}(?:&viewrect=${decimal},${decimal},${decimal},${decimal})?$`,
  'u',
);

/**
 * A rectangle of a picture (`xywh=percent:10,20,30,40`), or a page of a PDF file with a rectangle in points from
 * its upper left corner (`page=2&viewrect=72,90,200,50`).
 */
export const fragmentSelectorSchema = z.discriminatedUnion('conformsTo', [
  z.object({
    type: z.literal('FragmentSelector'),
    conformsTo: z.literal(mediaFragments),
    value: z
      .string()
      .regex(mediaFragmentPattern, 'expected a region such as xywh=percent:10,20,30,40'),
  }),
  z.object({
    type: z.literal('FragmentSelector'),
    conformsTo: z.literal(pdfFragments),
    value: z
      .string()
      .regex(pdfFragmentPattern, 'expected a place such as page=2&viewrect=72,90,200,50'),
  }),
]);

const svgShape =
  /^<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg" viewBox="0 0 100 100"><(?:polygon|polyline) points="(?:\d{1,3}(?:\.\d{1,3})?,\d{1,3}(?:\.\d{1,3})?(?: (?=\d))?){2,500}"\/><\/svg>$/u;

/** A shape drawn by hand, in hundredths of the picture's width and height. Nothing else is let in: this is shown. */
export const svgSelectorSchema = z.object({
  type: z.literal('SvgSelector'),
  value: z.string().max(20_000).regex(svgShape, 'expected one shape of straight lines'),
});

export const selectorSchema = z.union([
  textQuoteSelectorSchema,
  textPositionSelectorSchema,
  fragmentSelectorSchema,
  svgSelectorSchema,
]);
export type Selector = z.infer<typeof selectorSchema>;

/**
 * What a reviewer says of a criterion of the brief, of a file, of a place in it, or of the whole (with none of
 * them). A `change` is asked for and names the criterion that it is measured by; a `remark` asks for nothing.
 */
export const remarkFields = {
  id: idSchema,
  kind: z.enum(['change', 'remark']),
  criterionId: idSchema.nullable(),
  attachmentId: idSchema.nullable(),
  /** Where in the file; empty for the file as a whole. */
  selectors: z.array(selectorSchema).max(3),
  text: textSchema.trim().min(1, 'expected some text').max(20_000),
};
export const remarkSchema = z
  .object(remarkFields)
  .refine(({ attachmentId, selectors }) => attachmentId !== null || selectors.length === 0, {
    message: 'expected a file that the place is in',
    path: ['selectors'],
  })
  .refine(
    ({ selectors }) =>
      selectors.every(
        (selector) => selector.type !== 'TextPositionSelector' || selector.start < selector.end,
      ),
    { message: 'expected an end after the start', path: ['selectors'] },
  );
export type Remark = z.infer<typeof remarkSchema>;

/** A remark of any version as it lies in `reviews.commentsJson`: older ones know neither kinds nor places. */
export function readRemarks(
  commentsJson: string,
  decision: 'accepted' | 'changes_requested',
): Remark[] {
  const comments = JSON.parse(commentsJson) as (Pick<
    Remark,
    'id' | 'criterionId' | 'attachmentId' | 'text'
  > &
    Partial<Remark>)[];
  return comments.map((comment) => ({
    ...comment,
    kind:
      comment.kind ??
      (decision === 'changes_requested' && comment.criterionId !== null ? 'change' : 'remark'),
    selectors: comment.selectors ?? [],
  }));
}

export const annotationContext = 'http://www.w3.org/ns/anno.jsonld';

const targetSchema = z.union([
  z.string(),
  z.object({
    type: z.literal('SpecificResource'),
    source: z.string(),
    selector: z.array(selectorSchema).min(1),
  }),
]);

/** One remark as an annotation of the W3C model, in JSON-LD. */
export const annotationSchema = z.object({
  '@context': z.literal(annotationContext),
  id: z.string(),
  type: z.literal('Annotation'),
  /** `editing` asks for a change, `commenting` does not. */
  motivation: z.enum(['editing', 'commenting']),
  created: instantSchema,
  creator: z.object({ type: z.literal('Person'), name: z.string() }),
  body: z.object({
    type: z.literal('TextualBody'),
    value: z.string(),
    format: z.literal('text/markdown'),
  }),
  target: z.array(targetSchema).min(1),
});
export type Annotation = z.infer<typeof annotationSchema>;

export interface AnnotationPlaces {
  /** The addresses of what is commented on, wherever the annotations are put down. */
  readonly computeFileIri: (attachmentId: string) => string;
  readonly computeCriterionIri: (criterionId: string) => string;
  /** The submission as a whole. */
  readonly submissionIri: string;
}

/** A remark about a place that is in a file names both, the place and the criterion. */
export function createAnnotation(
  remark: Remark,
  by: { readonly name: string; readonly at: string },
  places: AnnotationPlaces,
): Annotation {
  const { attachmentId, criterionId, selectors } = remark;
  const target: Annotation['target'] = [];
  if (attachmentId !== null) {
    const source = places.computeFileIri(attachmentId);
    target.push(
      selectors.length === 0 ? source : { type: 'SpecificResource', source, selector: selectors },
    );
  }
  if (criterionId !== null) target.push(places.computeCriterionIri(criterionId));
  if (target.length === 0) target.push(places.submissionIri);
  return {
    '@context': annotationContext,
    id: `urn:uuid:${remark.id}`,
    type: 'Annotation',
    motivation: remark.kind === 'change' ? 'editing' : 'commenting',
    created: by.at,
    creator: { type: 'Person', name: by.name },
    body: { type: 'TextualBody', value: remark.text, format: 'text/markdown' },
    target,
  };
}

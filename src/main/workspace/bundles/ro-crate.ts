import type { EngagementDocument } from '../../../shared/bundle/engagement-document.ts';

export interface CratePart {
  /** Below the crate's root, which is the bag's `data/`. */
  readonly path: string;
  readonly sizeBytes: number;
  readonly sha256: string;
  readonly mediaType: string;
  /** The name that people gave it. */
  readonly name: string;
}

type Entity = Readonly<Record<string, unknown>>;
const reference = (id: string): Entity => ({ '@id': id });

/** RO-Crate 1.2, "Encoding file paths": a URI path, with what is not allowed in one percent-encoded. */
export function computeCrateId(path: string): string {
  return path
    .split('/')
    .map((part) =>
      encodeURIComponent(part).replaceAll(
        /[!'()*]/g,
        (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
      ),
    )
    .join('/');
}

/**
 * `ro-crate-metadata.json` (RO-Crate 1.2): the bundle as linked data, flat: what it is, whose it is, and every file in
 * it but this one.
 */
export function computeCrateMetadata(
  bundle: { readonly title: string; readonly day: string; readonly identifier: string },
  documents: readonly EngagementDocument[],
  parts: readonly CratePart[],
): unknown {
  const [first] = documents;
  if (first === undefined) throw new TypeError('a bundle is about one engagement at least');
  const organizationId = `urn:uuid:${first.organization.id}`;
  const people = new Map<string, Entity>();
  const addPerson = (
    { membershipId, name }: { membershipId: string | null; name: string },
    fallback: string,
  ) => {
    const id = `urn:uuid:${membershipId ?? fallback}`;
    people.set(id, {
      '@id': id,
      '@type': 'Person',
      name,
      affiliation: reference(organizationId),
    });
    return id;
  };
  const authors = documents.map(({ engagement }) => addPerson(engagement.intern, engagement.id));
  const contributors = documents.flatMap(({ employers }) =>
    employers.map((person) => addPerson(person, first.organization.id)),
  );
  const references = (ids: readonly string[]) => [...new Set(ids)].map(reference);
  return {
    '@context': 'https://w3id.org/ro/crate/1.2/context',
    '@graph': [
      {
        '@id': 'ro-crate-metadata.json',
        '@type': 'CreativeWork',
        conformsTo: reference('https://w3id.org/ro/crate/1.2'),
        about: reference('./'),
      },
      {
        '@id': './',
        '@type': 'Dataset',
        identifier: bundle.identifier,
        name: bundle.title,
        description: `The work of ${documents.length === 1 ? 'an engagement' : `${documents.length} engagements`} at ${first.organization.name}: briefs, submissions with their files, receipts and reviews.`,
        datePublished: bundle.day,
        license: reference('#license'),
        author: references(authors),
        contributor: references(contributors),
        publisher: reference(organizationId),
        hasPart: parts.map(({ path }) => reference(computeCrateId(path))),
      },
      {
        '@id': '#license',
        '@type': 'CreativeWork',
        name: 'As agreed between the organization and the intern',
        description:
          'This bundle grants no rights beyond what the two sides agreed on; the terms stand in engagement.json.',
      },
      { '@id': organizationId, '@type': 'Organization', name: first.organization.name },
      ...people.values(),
      ...parts.map(({ path, name, sizeBytes, sha256, mediaType }) => ({
        '@id': computeCrateId(path),
        '@type': 'File',
        name,
        contentSize: String(sizeBytes),
        encodingFormat: mediaType,
        sha256,
      })),
    ],
  };
}

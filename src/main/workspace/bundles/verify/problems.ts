/** What can be wrong with a bundle beyond files that are missing, changed or extra. */
export type ProblemCode =
  | 'not_a_zip'
  | 'damaged_zip'
  | 'too_many_entries'
  | 'unsafe_path'
  | 'not_a_file'
  | 'encrypted'
  | 'duplicate_entry'
  | 'two_names'
  | 'not_a_bag'
  | 'unknown_version'
  | 'unknown_encoding'
  | 'no_manifest'
  | 'unknown_algorithm'
  | 'weak_manifest'
  | 'malformed_manifest'
  | 'incomplete_manifest'
  | 'malformed_bag_info'
  | 'payload_oxum'
  | 'unreadable'
  | 'schema_violation'
  | 'other_content'
  | 'invalid_key'
  | 'other_key'
  | 'invalid_receipt';

export interface BundleProblem {
  readonly code: ProblemCode;
  readonly message: string;
  /** The entry or path it is about. */
  readonly path?: string;
}

export type AddProblem = (code: ProblemCode, message: string, path?: string) => void;

import type { Category } from '../../../../shared/domain/fields.ts';

/** A task of an example; becomes a task template of the project. */
export interface ExampleTask {
  readonly title: string;
  readonly instructions: string;
  readonly criteria: readonly string[];
  readonly estimateMinutes: number;
  /** Days after the begin. */
  readonly dueDays: number;
}

/** A worked example: everything of a project but the dates, the pay and the zone, which are one's own. */
export interface ProjectExample {
  readonly id: string;
  readonly category: Category;
  readonly title: string;
  /** One line for the shelf. */
  readonly summary: string;
  readonly hours: number;
  readonly days: number;
  readonly rounds: number;
  readonly latePolicy: string;
  readonly brief: string;
  readonly rubric: readonly { readonly text: string; readonly points: number }[];
  readonly tasks: readonly ExampleTask[];
}

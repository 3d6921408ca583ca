import { Button } from 'react-aria-components';
import { cx } from '../../ui/cx.ts';
import { formatPlural } from '../../format/numbers.ts';
import { categoryNames } from './describe-project.ts';
import { projectExamples } from './examples/examples.ts';
import type { ProjectExample } from './examples/project-example.ts';
import styles from './example-shelf.module.css';

/** Worked examples to begin from. Choosing one fills the form; every word can be changed. */
export function ExampleShelf({
  onChoose,
}: {
  readonly onChoose: (example: ProjectExample) => void;
}) {
  return (
    <section aria-labelledby="example-shelf" className={styles.shelf}>
      <h2 id="example-shelf" className={styles.title}>
        Begin with a worked example
      </h2>
      <ul className={styles.list}>
        {projectExamples.map((example) => (
          <li key={example.id}>
            <Button className={cx(styles.card)} onPress={() => onChoose(example)}>
              <span className={styles.kind}>{categoryNames[example.category]}</span>
              <span className={styles.name}>{example.title}</span>
              <span className={styles.summary}>{example.summary}</span>
              <span className={styles.numbers}>
                {formatPlural(example.hours, 'hour', 'hours')} ·{' '}
                {formatPlural(example.tasks.length, 'task', 'tasks')}
              </span>
            </Button>
          </li>
        ))}
      </ul>
      <p className={styles.or}>Or write your own below.</p>
    </section>
  );
}

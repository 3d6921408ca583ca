import { X } from 'lucide-react';
import { isolate } from '../../../shared/domain/isolate.ts';
import { IconButton } from '../../ui/button.tsx';
import { Section } from '../../ui/panes.tsx';
import { Muted } from '../../ui/stack.tsx';
import { describeTemplate } from './describe-template.ts';
import type { TemplateDraft } from './project-form-values.ts';
import styles from './templates.module.css';

/** The task templates that come along with a new project; they are edited where the project is. */
export function FormTemplates({
  templates,
  onChange,
}: {
  readonly templates: readonly TemplateDraft[];
  readonly onChange: (templates: readonly TemplateDraft[]) => void;
}) {
  return (
    <Section title="Task templates">
      <Muted>
        Assigned to nobody yet: once interns are invited, one click gives them to everyone.
      </Muted>
      <ul className={styles.list}>
        {templates.map((template, index) => (
          <li key={`${template.title}/${index}`} className={styles.template}>
            <span className={styles.text}>
              <strong>{template.title}</strong>
              <Muted>{describeTemplate(template)}</Muted>
            </span>
            <IconButton
              label={`Leave out “${isolate(template.title)}”`}
              icon={<X />}
              size="small"
              onPress={() => onChange(templates.toSpliced(index, 1))}
            />
          </li>
        ))}
      </ul>
    </Section>
  );
}

import { useState } from 'react';
import { Pencil, Plus, X } from 'lucide-react';
import type { RequestOutput } from '../../../shared/contract/contract.ts';
import { isolate } from '../../../shared/domain/isolate.ts';
import { request } from '../../client/host.ts';
import { useAction } from '../../client/use-request.ts';
import { Button, IconButton } from '../../ui/button.tsx';
import { Section } from '../../ui/panes.tsx';
import { Muted, Row } from '../../ui/stack.tsx';
import { showToast } from '../../ui/toast.tsx';
import { AssignTemplatesDialog } from './assign-templates-dialog.tsx';
import { describeTemplate } from './describe-template.ts';
import { type Template, TemplateDialog } from './template-dialog.tsx';
import styles from './templates.module.css';

/** The tasks that everybody on a project gets, and the way to give them. */
export function TemplatesSection({ project }: { readonly project: RequestOutput<'project.get'> }) {
  const { item, templates, engagements } = project;
  const { seatId, projectId } = item;
  const [dialog, setDialog] = useState<'new' | 'assign' | Template | null>(null);
  const remove = useAction('template.remove', {
    failure: 'Not removed',
    onSuccess: (_answer, { templateId }) => {
      const removed = templates.find((template) => template.templateId === templateId);
      if (removed === undefined) return;
      const { templateId: id, replaced: _, ...template } = removed;
      showToast({
        title: `“${isolate(template.title)}” is no template any more`,
        description: 'What was assigned from it stays.',
        action: {
          label: 'Undo',
          onPress: () =>
            void request('template.save', { seatId, projectId, templateId: id, template }),
        },
      });
    },
  });
  const hasPeople = engagements.some(({ status }) => status === 'active' || status === 'invited');
  return (
    <Section
      title="Task templates"
      actions={
        <Row>
          {templates.length === 0 ? null : (
            <Button size="small" isDisabled={!hasPeople} onPress={() => setDialog('assign')}>
              Assign templates…
            </Button>
          )}
          <Button size="small" variant="quiet" icon={<Plus />} onPress={() => setDialog('new')}>
            New template
          </Button>
        </Row>
      }
    >
      {templates.length === 0 ? (
        <Muted>None. A task that everybody gets is written once here, and given to all.</Muted>
      ) : (
        <ul className={styles.list}>
          {templates.map((template) => (
            <li key={template.templateId} className={styles.template}>
              <span className={styles.text}>
                <strong>{template.title}</strong>
                <Muted>{describeTemplate(template)}</Muted>
              </span>
              <span className={styles.actions}>
                <IconButton
                  label={`Edit the template “${isolate(template.title)}”`}
                  icon={<Pencil />}
                  size="small"
                  onPress={() => setDialog(template)}
                />
                <IconButton
                  label={`Remove the template “${isolate(template.title)}”`}
                  icon={<X />}
                  size="small"
                  onPress={() => remove.mutate({ seatId, templateId: template.templateId })}
                />
              </span>
            </li>
          ))}
        </ul>
      )}
      {dialog === 'assign' ? (
        <AssignTemplatesDialog project={project} onClose={() => setDialog(null)} />
      ) : dialog === null ? null : (
        <TemplateDialog
          seatId={seatId}
          projectId={projectId}
          {...(dialog === 'new' ? {} : { template: dialog })}
          onClose={() => setDialog(null)}
        />
      )}
    </Section>
  );
}

import { useState } from 'react';
import type { RequestOutput } from '../../../shared/contract/contract.ts';
import { useAction } from '../../client/use-request.ts';
import { formatPlural } from '../../format/numbers.ts';
import { Checkbox } from '../../ui/checkbox.tsx';
import { showToast } from '../../ui/toast.tsx';
import { describeTemplate } from './describe-template.ts';
import formStyles from './form.module.css';
import { TaskFormDialog } from './task-dialog.tsx';
import styles from './templates.module.css';

const toggle = (ids: ReadonlySet<string>, id: string, isIn: boolean): ReadonlySet<string> => {
  const next = new Set(ids);
  if (isIn) next.add(id);
  else next.delete(id);
  return next;
};

/** What is chosen of what there is now: another may have removed a template or ended an engagement meanwhile. */
const listChosen = (offered: readonly string[], ids: ReadonlySet<string>): string[] =>
  offered.filter((id) => ids.has(id));

/** Gives templates to interns, by default all to all. What somebody has of them already is passed over. */
export function AssignTemplatesDialog({
  project,
  onClose,
}: {
  readonly project: RequestOutput<'project.get'>;
  readonly onClose: () => void;
}) {
  const { item, templates } = project;
  const engagements = project.engagements.filter(
    ({ status }) => status === 'active' || status === 'invited',
  );
  const [templateIds, setTemplateIds] = useState<ReadonlySet<string>>(
    () => new Set(templates.map(({ templateId }) => templateId)),
  );
  const [engagementIds, setEngagementIds] = useState<ReadonlySet<string>>(
    () => new Set(engagements.map(({ engagementId }) => engagementId)),
  );
  const assign = useAction('template.assign', {
    isInline: true,
    onSuccess: ({ assigned, alreadyThere }) => {
      showToast({
        tone: 'positive',
        title:
          assigned === 0
            ? 'Everybody has these tasks already'
            : `${formatPlural(assigned, 'task', 'tasks')} assigned`,
        ...(alreadyThere > 0 && assigned > 0
          ? {
              description: `${formatPlural(alreadyThere, 'had been assigned before and was left as it is', 'had been assigned before and were left as they are')}.`,
            }
          : {}),
      });
      onClose();
    },
  });
  const chosen = {
    templateIds: listChosen(
      templates.map(({ templateId }) => templateId),
      templateIds,
    ),
    engagementIds: listChosen(
      engagements.map(({ engagementId }) => engagementId),
      engagementIds,
    ),
  };
  const count = chosen.templateIds.length * chosen.engagementIds.length;
  return (
    <TaskFormDialog
      title="Assign templates"
      submitLabel={count === 0 ? 'Assign' : `Assign ${formatPlural(count, 'task', 'tasks')}`}
      leaveLabel="Cancel"
      onClose={onClose}
      isSaving={assign.isPending || count === 0}
      error={assign.error}
      onSubmit={() =>
        assign.mutate({
          seatId: item.seatId,
          projectId: item.projectId,
          ...chosen,
        })
      }
    >
      <div className={formStyles.pair}>
        <fieldset className={styles.choices}>
          <legend>Which</legend>
          {templates.map((template) => (
            <Checkbox
              key={template.templateId}
              isSelected={templateIds.has(template.templateId)}
              onChange={(isIn) => setTemplateIds(toggle(templateIds, template.templateId, isIn))}
              description={describeTemplate(template)}
            >
              {template.title}
            </Checkbox>
          ))}
        </fieldset>
        <fieldset className={styles.choices}>
          <legend>To whom</legend>
          {engagements.map(({ engagementId, intern, status }) => (
            <Checkbox
              key={engagementId}
              isSelected={engagementIds.has(engagementId)}
              onChange={(isIn) => setEngagementIds(toggle(engagementIds, engagementId, isIn))}
              description={status === 'invited' ? 'Invited, not joined yet' : undefined}
            >
              {intern.name}
            </Checkbox>
          ))}
        </fieldset>
      </div>
    </TaskFormDialog>
  );
}

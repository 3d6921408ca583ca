import { FolderKanban } from 'lucide-react';
import { Redirect, useLocation, useParams } from 'wouter';
import type { RequestOutput } from '../../../shared/contract/contract.ts';
import { isolate } from '../../../shared/domain/isolate.ts';
import { useAction, useRequest } from '../../client/use-request.ts';
import { useSeat } from '../../frame/seat.tsx';
import { useShortcut } from '../../frame/shortcuts.ts';
import { projectPath } from '../../routes.ts';
import { Button } from '../../ui/button.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { ErrorNotice } from '../../ui/error-notice.tsx';
import { Page, Panes } from '../../ui/panes.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import { useIsWide } from '../review/use-is-wide.ts';
import { ProjectDetail } from './project-detail.tsx';
import {
  computeCopyValues,
  computeFormValues,
  computeReopenedValues,
  computeNewProject,
  computeTermsPatch,
  type ProjectFormValues,
} from './project-form-values.ts';
import { ProjectForm } from './project-form.tsx';
import { ProjectList } from './project-list.tsx';
import { ProjectTask } from './project-task.tsx';
import { forgetKept, useKeptState } from './use-kept-state.ts';

/** `/projects`, `/projects/new`, `/projects/new/ID` (a copy), `/projects/ID`, `/projects/ID/edit` and `/projects/ID/tasks/ID`. */
export function ProjectsScreen() {
  const { seat, isIntern } = useSeat();
  const { seatId } = seat;
  const [projectId, section, taskId] = (useParams<{ '*'?: string }>()['*'] ?? '').split('/');
  const [, navigate] = useLocation();
  const isWide = useIsWide();
  const projects = useRequest('projects.list', isIntern ? undefined : { seatId });
  const create = () => navigate('/projects/new');
  useShortcut({ keys: ['N'], label: 'New project', group: 'Projects' }, create, !isIntern);

  if (isIntern) return <Redirect to="/" replace />;
  if (projectId === 'new')
    return section ? (
      <CopiedProject key={section} seatId={seatId} projectId={section} zone={seat.timeZone} />
    ) : (
      <NewProject
        seatId={seatId}
        initial={computeNewProject(seat.timeZone)}
        keptAs={`project.${seatId}`}
        hasExamples
      />
    );
  if (projectId && section === 'edit') return <EditProject seatId={seatId} projectId={projectId} />;
  if (projectId && section === 'tasks' && taskId) {
    return <ProjectTask seatId={seatId} projectId={projectId} taskId={taskId} />;
  }
  if (projects.isError) {
    return <ErrorNotice error={projects.error} onRetry={() => void projects.refetch()} />;
  }
  const first = projects.data?.[0];
  if (projects.data?.length === 0 && !projectId) {
    return (
      <Page title="Projects">
        <EmptyState
          title="A project comes first"
          icon={<FolderKanban />}
          action={
            <Button variant="primary" keys={['N']} onPress={create}>
              Write the first project
            </Button>
          }
        >
          It says what is to be done, in how many hours, for what pay, and until when. Then you
          invite an intern and assign tasks.
        </EmptyState>
      </Page>
    );
  }
  if (!projectId && isWide && first !== undefined) {
    return <Redirect to={projectPath(first.projectId)} replace />;
  }
  return (
    <Panes
      listLabel="Projects"
      detailLabel="Project"
      list={
        projects.data === undefined ? (
          <Skeleton lines={6} label="Fetching the projects" />
        ) : (
          <ProjectList
            projects={projects.data}
            selectedId={projectId || undefined}
            onSelect={(id) => navigate(projectPath(id))}
            onCreate={create}
          />
        )
      }
      detail={projectId ? <LoadedProject seatId={seatId} projectId={projectId} /> : undefined}
    />
  );
}

interface ProjectKey {
  readonly seatId: string;
  readonly projectId: string;
}

function LoadedProject({ seatId, projectId }: ProjectKey) {
  const project = useRequest('project.get', { seatId, projectId });
  if (project.isError) return <NoSuchProject />;
  if (project.isPending) return <Skeleton lines={8} label="Opening the project" />;
  return <ProjectDetail key={projectId} project={project.data} />;
}

function NoSuchProject() {
  const [, navigate] = useLocation();
  return (
    <EmptyState
      title="This project is not here"
      action={<Button onPress={() => navigate('/projects')}>All projects</Button>}
    >
      It may belong to another organization, or it has not reached this computer yet.
    </EmptyState>
  );
}

/** `/projects/new/ID`: another one of the same terms. */
function CopiedProject({ seatId, projectId, zone }: ProjectKey & { readonly zone: string }) {
  const project = useRequest('project.get', { seatId, projectId });
  if (project.data === undefined)
    return project.isError ? <NoSuchProject /> : <Skeleton lines={8} label="Copying the project" />;
  return (
    <NewProject
      seatId={seatId}
      initial={computeCopyValues(project.data, zone)}
      keptAs={`copy.${projectId}`}
      hasExamples={false}
    />
  );
}

function NewProject({
  seatId,
  initial,
  keptAs,
  hasExamples,
}: {
  readonly seatId: string;
  readonly initial: ProjectFormValues;
  readonly keptAs: string;
  readonly hasExamples: boolean;
}) {
  const [, navigate] = useLocation();
  const [values, change] = useKeptState(keptAs, () => initial);
  const create = useAction('project.create', {
    isInline: true,
    onSuccess: ({ projectId }) => {
      forgetKept(keptAs);
      navigate(projectPath(projectId));
    },
  });
  return (
    <Page title="New project" width="reading">
      <ProjectForm
        values={values}
        onChange={change}
        submitLabel="Create the project"
        error={create.error}
        isSaving={create.isPending}
        onSubmit={(terms, templates) => create.mutate({ seatId, terms, templates: [...templates] })}
        hasExamples={hasExamples}
        onCancel={() => {
          forgetKept(keptAs);
          navigate('/projects');
        }}
      />
    </Page>
  );
}

function EditProject({ seatId, projectId }: ProjectKey) {
  const project = useRequest('project.get', { seatId, projectId });
  if (project.data === undefined)
    return project.isError ? <NoSuchProject /> : <Skeleton lines={8} label="Opening the project" />;
  return <EditedProject key={projectId} project={project.data} />;
}

/** The form stays with what was typed, also over a look elsewhere: what is wrong is said when it is saved. */
function EditedProject({
  project: { item, terms, engagements },
}: {
  readonly project: RequestOutput<'project.get'>;
}) {
  const { seatId, projectId } = item;
  const [, navigate] = useLocation();
  const keptAs = `edit.${seatId}.${projectId}`;
  // Kept with what was typed: what another manager changes meanwhile is no change of this one's.
  const [{ seenTerms, ...values }, change] = useKeptState(
    keptAs,
    () => ({ ...computeFormValues(terms), seenTerms: terms }),
    (kept) => computeReopenedValues(kept, terms),
  );
  const leave = () => {
    forgetKept(keptAs);
    navigate(projectPath(projectId));
  };
  const edit = useAction('project.edit', { isInline: true, onSuccess: leave });
  return (
    <Page title={`Edit “${isolate(terms.title)}”`} width="reading">
      {engagements.length === 0 ? null : (
        <p>
          Changes hold for the people you invite from now on. What was agreed with those already
          invited stays as it is.
        </p>
      )}
      <ProjectForm
        values={values}
        onChange={change}
        submitLabel="Save"
        error={edit.error}
        isSaving={edit.isPending}
        onSubmit={(after) => {
          const { patch, seen } = computeTermsPatch(seenTerms, after);
          if (Object.keys(patch).length === 0) leave();
          else edit.mutate({ seatId, projectId, patch, seen });
        }}
        onCancel={leave}
      />
    </Page>
  );
}

import { FolderKanban } from 'lucide-react';
import { Redirect, useLocation, useParams } from 'wouter';
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
import { computeFormValues, computeNewProject, computeTermsPatch } from './project-form-values.ts';
import { ProjectForm } from './project-form.tsx';
import { ProjectList } from './project-list.tsx';
import { ProjectTask } from './project-task.tsx';
import { forgetKept } from './use-kept-state.ts';

/** `/projects`, `/projects/new`, `/projects/ID`, `/projects/ID/edit` and `/projects/ID/tasks/ID`. */
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
  if (projectId === 'new') return <NewProject seatId={seatId} zone={seat.timeZone} />;
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

function NewProject({ seatId, zone }: { readonly seatId: string; readonly zone: string }) {
  const [, navigate] = useLocation();
  const keptAs = `project.${seatId}`;
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
        initial={computeNewProject(zone)}
        submitLabel="Create the project"
        error={create.error}
        isSaving={create.isPending}
        onSubmit={(terms) => create.mutate({ seatId, terms })}
        keptAs={keptAs}
        onCancel={() => {
          forgetKept(keptAs);
          navigate('/projects');
        }}
      />
    </Page>
  );
}

function EditProject({ seatId, projectId }: ProjectKey) {
  const [, navigate] = useLocation();
  const project = useRequest('project.get', { seatId, projectId });
  const leave = () => navigate(projectPath(projectId));
  const edit = useAction('project.edit', { isInline: true, onSuccess: leave });
  if (project.isError) return <NoSuchProject />;
  if (project.isPending) return <Skeleton lines={8} label="Opening the project" />;
  const { terms, engagements } = project.data;
  return (
    <Page title={`Edit “${terms.title}”`} width="reading">
      {engagements.length === 0 ? null : (
        <p>
          Changes hold for the people you invite from now on. What was agreed with those already
          invited stays as it is.
        </p>
      )}
      <ProjectForm
        initial={computeFormValues(terms)}
        submitLabel="Save"
        error={edit.error}
        isSaving={edit.isPending}
        onSubmit={(after) => {
          const { patch, seen } = computeTermsPatch(terms, after);
          if (Object.keys(patch).length === 0) leave();
          else edit.mutate({ seatId, projectId, patch, seen });
        }}
        onCancel={leave}
      />
    </Page>
  );
}

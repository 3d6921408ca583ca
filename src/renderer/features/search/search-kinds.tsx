import type { ReactNode } from 'react';
import {
  Clock,
  FileText,
  FolderKanban,
  ListChecks,
  MessageSquareText,
  Paperclip,
  Send,
  User,
} from 'lucide-react';
import type { SearchKind } from '../../../shared/contract/search-requests.ts';

export const kindLabels: Readonly<Record<SearchKind, string>> = {
  task: 'Tasks',
  project: 'Projects',
  person: 'People',
  brief: 'Instructions',
  submission: 'Submissions',
  review: 'Reviews',
  file: 'Files',
  time: 'Time',
};

export const kindIcons: Readonly<Record<SearchKind, ReactNode>> = {
  task: <ListChecks />,
  project: <FolderKanban />,
  person: <User />,
  brief: <FileText />,
  submission: <Send />,
  review: <MessageSquareText />,
  file: <Paperclip />,
  time: <Clock />,
};

import {
  Award,
  CalendarClock,
  ClipboardCheck,
  FileCheck2,
  FolderKanban,
  History,
  LayoutDashboard,
  ListChecks,
  Package,
  Sun,
  Users,
  type LucideIcon,
} from 'lucide-react';

export interface Place {
  readonly path: string;
  readonly label: string;
  readonly Icon: LucideIcon;
  /** The second key of "G then …". */
  readonly goKey: string;
}

export const internPlaces: readonly Place[] = [
  { path: '/today', label: 'Today', Icon: Sun, goKey: 'T' },
  { path: '/tasks', label: 'Tasks', Icon: ListChecks, goKey: 'K' },
  { path: '/hours', label: 'Hours', Icon: CalendarClock, goKey: 'H' },
  { path: '/record', label: 'Record', Icon: Award, goKey: 'D' },
  { path: '/timesheets', label: 'Timesheets', Icon: ClipboardCheck, goKey: 'M' },
];

export const employerPlaces: readonly Place[] = [
  { path: '/review', label: 'Review', Icon: FileCheck2, goKey: 'R' },
  { path: '/overview', label: 'Overview', Icon: LayoutDashboard, goKey: 'O' },
  { path: '/timesheets', label: 'Timesheets', Icon: ClipboardCheck, goKey: 'H' },
  { path: '/projects', label: 'Projects', Icon: FolderKanban, goKey: 'P' },
  { path: '/people', label: 'People', Icon: Users, goKey: 'E' },
  { path: '/bundles', label: 'Bundles', Icon: Package, goKey: 'B' },
  { path: '/history', label: 'History', Icon: History, goKey: 'Y' },
];

import type { ReactNode } from 'react';
import { CircleAlert, Plus, Settings } from 'lucide-react';
import { Link, useRoute } from 'wouter';
import { Avatar } from '../ui/avatar.tsx';
import { cx } from '../ui/cx.ts';
import type { Place } from './places.tsx';
import styles from './rail.module.css';

export interface RailOrganization {
  readonly id: string;
  readonly name: string;
  /** The person's role there, in words. */
  readonly role: string;
  /** What keeps it from synchronising, in words. */
  readonly problem?: string | undefined;
}

export interface RailProps {
  readonly places: readonly Place[];
  /** How many things wait in a place, by its path. */
  readonly counts: Readonly<Record<string, number>>;
  readonly organizations: readonly RailOrganization[];
  readonly currentOrganizationId: string | undefined;
  readonly onChooseOrganization: (id: string) => void;
}

interface RailLinkProps {
  readonly path: string;
  readonly label: string;
  readonly icon: ReactNode;
  readonly count?: number | undefined;
}

function RailLink({ path, label, icon, count = 0 }: RailLinkProps) {
  const [isHere] = useRoute(`${path}/*?`);
  return (
    <Link
      href={path}
      className={cx(styles.item, isHere && styles.here)}
      {...(isHere ? { 'aria-current': 'page' as const } : {})}
      title={label}
    >
      <span className={styles.icon} aria-hidden>
        {icon}
      </span>
      <span className={styles.label}>{label}</span>
      {count > 0 ? <span className={styles.count}>{count}</span> : null}
    </Link>
  );
}

/** The person's places, and below them the organizations. */
export function Rail({
  places,
  counts,
  organizations,
  currentOrganizationId,
  onChooseOrganization,
}: RailProps) {
  return (
    <nav className={styles.rail} aria-label="Places">
      <ul className={styles.group}>
        {places.map(({ path, label, Icon }) => (
          <li key={path}>
            <RailLink path={path} label={label} icon={<Icon />} count={counts[path]} />
          </li>
        ))}
      </ul>
      {organizations.length === 0 ? null : (
        <h2 className={styles.heading} id="rail-organizations">
          Organizations
        </h2>
      )}
      <ul className={styles.group} aria-labelledby="rail-organizations">
        {organizations.map((organization) => {
          const isCurrent = organization.id === currentOrganizationId;
          return (
            <li key={organization.id}>
              <button
                type="button"
                className={cx(styles.item, styles.organization)}
                aria-pressed={isCurrent}
                title={[organization.name, organization.role, organization.problem]
                  .filter(Boolean)
                  .join(', ')}
                onClick={() => onChooseOrganization(organization.id)}
              >
                <Avatar name={organization.name} sizePx={20} isSquare />
                <span className={styles.label}>
                  <span className={styles.organizationName}>{organization.name}</span>
                  <span className={styles.role}>{organization.role}</span>
                </span>
                {organization.problem === undefined ? null : (
                  <CircleAlert className={styles.problem} aria-label={organization.problem} />
                )}
              </button>
            </li>
          );
        })}
        <li>
          <RailLink path="/start" label="Add an organization" icon={<Plus />} />
        </li>
      </ul>
      <div className={styles.bottom}>
        <RailLink path="/settings" label="Settings" icon={<Settings />} />
      </div>
    </nav>
  );
}

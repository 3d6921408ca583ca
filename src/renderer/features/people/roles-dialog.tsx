import { Check } from 'lucide-react';
import { VisuallyHidden } from 'react-aria-components';
import type { Role } from '../../../shared/domain/fields.ts';
import { listRoleRights } from '../../../shared/domain/role-table.ts';
import { mutationDefinitions } from '../../../shared/mutations/mutation-registry.ts';
import { Dialog } from '../../ui/dialog.tsx';
import styles from './roles-dialog.module.css';

const columns: readonly { readonly role: Role; readonly label: string }[] = [
  { role: 'owner', label: 'Owner' },
  { role: 'manager', label: 'Manager' },
  { role: 'intern', label: 'Intern' },
];

function Yes() {
  return (
    <>
      <Check aria-hidden />
      <VisuallyHidden>yes</VisuallyHidden>
    </>
  );
}

/** What each role may see and do, from the rules themselves. */
export function RolesDialog({ onClose }: { readonly onClose: () => void }) {
  return (
    <Dialog isOpen onOpenChange={onClose} title="What each role may see and do" size="large">
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- it scrolls, so the keyboard has to reach it. */}
      <section aria-label="Rights by role" tabIndex={0}>
        <table className={styles.table}>
          <thead>
            <tr>
              <th scope="col">Right</th>
              {columns.map(({ role, label }) => (
                <th key={role} scope="col" className={styles.role}>
                  {label}
                </th>
              ))}
            </tr>
          </thead>
          {listRoleRights(mutationDefinitions).map(({ title, rights }) => (
            <tbody key={title}>
              <tr>
                <th scope="rowgroup" colSpan={4} className={styles.group}>
                  {title}
                </th>
              </tr>
              {rights.map(({ id, label, roles }) => (
                <tr key={id}>
                  <th scope="row" className={styles.right}>
                    {label}
                  </th>
                  {columns.map(({ role }) => (
                    <td key={role} className={styles.role}>
                      {roles.includes(role) ? <Yes /> : null}
                    </td>
                  ))}
                </tr>
              ))}
            </tbody>
          ))}
        </table>
      </section>
    </Dialog>
  );
}

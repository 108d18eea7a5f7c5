import { useLingui } from '@lingui/react/macro';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { api } from '../../api/client';
import { sessionQuery } from '../../api/session';
import type { Page as ListPage, User } from '../../api/types';
import { Loaded } from '../../components/loaded';
import { Moment } from '../../components/moment';
import { Page } from '../../components/page';
import { StatusBadge } from '../../components/status-badge';
import { Trouble } from '../../components/trouble';

const ROLES = ['viewer', 'user', 'operator', 'admin'] as const;

/** Everybody who has an account here; roles and doors are set in place. */
export function UsersPage() {
  const { t } = useLingui();
  const client = useQueryClient();
  const me = useQuery(sessionQuery);
  const users = useQuery({ queryKey: ['users'], queryFn: ({ signal }) => api.get<ListPage<User>>('/users?limit=200', signal) });
  const change = useMutation({
    mutationFn: ({ id, ...body }: { id: string } & Partial<Pick<User, 'role' | 'active'>>) => api.patch<User>(`/users/${id}`, body),
    onSettled: () => client.invalidateQueries({ queryKey: ['users'] }),
  });
  return (
    <Page title={t`People`} lead={t`Who may use this Steward, and how far.`}>
      {change.isError && <Trouble error={change.error} />}
      <Loaded from={users}>
        {({ items }) => (
          <div className="table-frame">
            <table className="cards">
              <thead>
                <tr>
                  <th>{t`Name`}</th>
                  <th>{t`State`}</th>
                  <th>{t`Role`}</th>
                  <th>{t`Since`}</th>
                  <th>
                    <span className="visually-hidden">{t`What can be done`}</span>
                  </th>
                </tr>
              </thead>
              <tbody>
                {items.map((user) => (
                  <tr key={user.id}>
                    <th scope="row">
                      {user.display_name} <span className="quiet small">{user.email}</span>
                    </th>
                    <td>
                      <StatusBadge status={user.active ? 'active' : 'inactive'} />
                    </td>
                    <td>
                      <select className="input narrow" aria-label={t`Role of ${user.display_name}`} value={user.role} disabled={user.id === me.data?.id || change.isPending} onChange={(e) => change.mutate({ id: user.id, role: e.target.value as User['role'] })}>
                        {ROLES.map((role) => (
                          <option key={role}>{role}</option>
                        ))}
                      </select>
                    </td>
                    <td data-label={t`Since`}>
                      <Moment at={user.created} />
                    </td>
                    <td>
                      {user.id !== me.data?.id && (
                        <button type="button" className="button small" disabled={change.isPending} onClick={() => change.mutate({ id: user.id, active: !user.active })}>
                          {user.active ? t`Switch off` : t`Switch on`}
                        </button>
                      )}
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        )}
      </Loaded>
    </Page>
  );
}

import { Trans, useLingui } from '@lingui/react/macro';
import { useInfiniteQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { type SubmitEvent, useState } from 'react';
import { Loaded } from '../../components/loaded';
import { Moment } from '../../components/moment';
import { Page } from '../../components/page';
import { useRoleNames } from '../../components/role-names';
import { StatusBadge } from '../../components/status-badge';
import { usersQuery } from './queries';

/** Everybody who has an account here. */
export function UsersPage() {
  const { t } = useLingui();
  const [typed, setTyped] = useState('');
  const [filter, setFilter] = useState({ q: '', role: '' });
  const roles = useRoleNames();
  const users = useInfiniteQuery(usersQuery(filter));
  function search(event: SubmitEvent) {
    event.preventDefault();
    setFilter({ ...filter, q: typed.trim() });
  }
  return (
    <Page title={t`People`} lead={t`Who may use this Steward, and how far.`}>
      <form className="row" role="search" onSubmit={search}>
        <input className="input narrow" type="search" aria-label={t`Name or e-mail`} placeholder={t`Name or e-mail`} value={typed} onChange={(e) => setTyped(e.target.value)} />
        <select className="input narrow" aria-label={t`Role`} value={filter.role} onChange={(e) => setFilter({ q: typed.trim(), role: e.target.value })}>
          <option value="">{t`Every role`}</option>
          {Object.entries(roles).map(([role, name]) => (
            <option key={role} value={role}>
              {name}
            </option>
          ))}
        </select>
        <button type="submit" className="button">
          <Trans>Search</Trans>
        </button>
      </form>
      <Loaded from={users}>
        {({ pages }) => {
          const items = pages.flatMap((page) => page.items);
          if (items.length === 0) return <p className="quiet">{t`Nobody fits.`}</p>;
          return (
            <div className="table-frame">
              <table className="cards">
                <thead>
                  <tr>
                    <th>{t`Name`}</th>
                    <th>{t`State`}</th>
                    <th>{t`Role`}</th>
                    <th>{t`Since`}</th>
                  </tr>
                </thead>
                <tbody>
                  {items.map((user) => (
                    <tr key={user.id}>
                      <th scope="row">
                        <Link to="/users/$id" params={{ id: user.id }}>
                          {user.display_name}
                        </Link>{' '}
                        <span className="quiet small">{user.email}</span>
                      </th>
                      <td>
                        <StatusBadge status={user.active ? 'active' : 'inactive'} />
                      </td>
                      <td data-label={t`Role`}>{roles[user.role]}</td>
                      <td data-label={t`Since`}>
                        <Moment at={user.created} />
                      </td>
                    </tr>
                  ))}
                </tbody>
              </table>
            </div>
          );
        }}
      </Loaded>
      {users.hasNextPage && (
        <div>
          <button type="button" className="button" onClick={() => void users.fetchNextPage()}>
            <Trans>Show more</Trans>
          </button>
        </div>
      )}
    </Page>
  );
}

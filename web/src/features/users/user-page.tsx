import { Trans, useLingui } from '@lingui/react/macro';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { type SubmitEvent, useState } from 'react';
import { sessionQuery } from '../../api/session';
import type { Session, User } from '../../api/types';
import { Choice } from '../../components/choice';
import { Confirm } from '../../components/confirm';
import { Field, faultOf } from '../../components/field';
import { Loaded } from '../../components/loaded';
import { Moment } from '../../components/moment';
import { Page } from '../../components/page';
import { useRoleNames } from '../../components/role-names';
import { StatusBadge } from '../../components/status-badge';
import { news } from '../../components/toasts';
import { Trouble } from '../../components/trouble';
import { programName } from '../../lib/program-name';
import { useChangeUser, useResetPassword, userQuery, userSessionsQuery, useSignOutUser } from './queries';
import './users.css';

const route = getRouteApi('/users/$id');

/** One account: role, door, sessions, password. */
export function UserPage() {
  const { t } = useLingui();
  const { id } = route.useParams();
  const me = useQuery(sessionQuery);
  const user = useQuery(userQuery(id));
  const sessions = useQuery(userSessionsQuery(id));
  const own = me.data?.id === id;
  return (
    <Page
      title={user.data?.display_name ?? t`Person`}
      {...(user.data !== undefined && { lead: user.data.email })}
      actions={
        <Link to="/users" className="button">
          <Trans>All people</Trans>
        </Link>
      }
    >
      <Loaded from={user}>
        {(data) => (
          <>
            {own && (
              <p className="notice">
                <Trans>This is you. Your role and your door are set by another administrator; your password, in the settings.</Trans>
              </p>
            )}
            <Standing user={data} own={own} />
            <Loaded from={sessions}>{({ items }) => <Sessions user={data} items={items} />}</Loaded>
            {!own && <PasswordReset user={data} />}
          </>
        )}
      </Loaded>
    </Page>
  );
}

function Standing({ user, own }: { user: User; own: boolean }) {
  const { t } = useLingui();
  const change = useChangeUser(user.id);
  const names = useRoleNames();
  return (
    <section className="card stack" aria-label={t`Role`}>
      <div className="spread">
        <StatusBadge status={user.active ? 'active' : 'inactive'} />
        <span className="quiet small">
          <Trans>
            Since <Moment at={user.created} />
          </Trans>
        </span>
      </div>
      {change.isError && <Trouble error={change.error} />}
      <fieldset className="plain-set" disabled={own || change.isPending}>
        <Choice
          label={t`Role`}
          value={user.role}
          onChange={(role) => change.mutate({ role }, { onSuccess: () => news.add({ title: t`Saved.` }) })}
          options={[
            { value: 'viewer', name: names.viewer, detail: t`reads what is their own, starts nothing` },
            { value: 'user', name: names.user, detail: t`talks with the assistant` },
            { value: 'operator', name: names.operator, detail: t`also looks after models, tasks and the state of the server` },
            { value: 'admin', name: names.admin, detail: t`also looks after people and connects model servers` },
          ]}
        />
      </fieldset>
      {!own && (
        <div>
          {user.active ? (
            <Confirm
              trigger={
                <button type="button" className="button danger" disabled={change.isPending}>
                  <Trans>Switch off</Trans>
                </button>
              }
              title={t`Switch this account off?`}
              detail={t`${user.display_name} is signed out everywhere and can't sign in. Nothing of theirs is deleted.`}
              action={t`Switch off`}
              onConfirm={() => change.mutate({ active: false })}
            />
          ) : (
            <button type="button" className="button" disabled={change.isPending} onClick={() => change.mutate({ active: true })}>
              <Trans>Switch on</Trans>
            </button>
          )}
        </div>
      )}
    </section>
  );
}

function Sessions({ user, items }: { user: User; items: Session[] }) {
  const { t } = useLingui();
  const signOut = useSignOutUser(user.id);
  return (
    <section className="card stack" aria-labelledby="sessions">
      <div className="spread">
        <h2 id="sessions">
          <Trans>Signed in</Trans>
        </h2>
        {items.some((session) => !session.current) && (
          <button type="button" className="button small" disabled={signOut.isPending} onClick={() => signOut.mutate()}>
            <Trans>Sign out everywhere</Trans>
          </button>
        )}
      </div>
      {signOut.isError && <Trouble error={signOut.error} />}
      {items.length === 0 && <p className="quiet">{t`Nowhere just now.`}</p>}
      <ul className="user-sessions">
        {items.map((session) => (
          <li key={session.id}>
            <span title={session.client}>{session.client === '' ? t`Unknown program` : programName(session.client)}</span>{' '}
            <span className="quiet small">
              {session.address} · <Moment at={session.last_used} />
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}

function PasswordReset({ user }: { user: User }) {
  const { t } = useLingui();
  const [password, setPassword] = useState('');
  const reset = useResetPassword(user.id);
  function submit(event: SubmitEvent) {
    event.preventDefault();
    reset.mutate(password, {
      onSuccess: () => {
        setPassword('');
        news.add({ title: t`The password is changed, and ${user.display_name} is signed out everywhere.` });
      },
    });
  }
  return (
    <section className="card" aria-labelledby="password">
      <form className="stack" onSubmit={submit}>
        <h2 id="password">
          <Trans>Forgotten password</Trans>
        </h2>
        {reset.isError && <Trouble error={reset.error} />}
        <Field label={t`New password`} hint={t`Tell it to them in person; they change it in their settings. API keys go on working.`} fault={faultOf(reset.error, 'new_password')}>
          {(control) => <input {...control} className="input" type="password" autoComplete="new-password" required value={password} onChange={(e) => setPassword(e.target.value)} />}
        </Field>
        <div>
          <button type="submit" className="button" disabled={reset.isPending}>
            <Trans>Set it</Trans>
          </button>
        </div>
      </form>
    </section>
  );
}

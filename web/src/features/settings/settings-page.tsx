import { Trans, useLingui } from '@lingui/react/macro';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { type SubmitEvent, useState } from 'react';
import { api } from '../../api/client';
import { sessionQuery } from '../../api/session';
import type { Page as ListPage, Session, User } from '../../api/types';
import { Field, faultOf } from '../../components/field';
import { Loaded } from '../../components/loaded';
import { Moment } from '../../components/moment';
import { Page } from '../../components/page';
import { useRoleNames } from '../../components/role-names';
import { news } from '../../components/toasts';
import { Trouble } from '../../components/trouble';
import { chooseLanguage, isLanguage, type Language, LANGUAGES } from '../../i18n/locales';
import { programName } from '../../lib/program-name';
import { chosenTheme, chooseTheme, type Theme } from '../../lib/theme';
import { ApiKeys } from './api-keys';
import './settings.css';

export function SettingsPage() {
  const { t } = useLingui();
  return (
    <Page title={t`Settings`}>
      <Appearance />
      <Profile />
      <Password />
      <Sessions />
      <ApiKeys />
    </Page>
  );
}

function Appearance() {
  const { t, i18n } = useLingui();
  const [theme, setTheme] = useState(chosenTheme);
  /** The pages speak it at once; the account keeps it for what Steward says unasked. */
  function speak(language: Language) {
    void chooseLanguage(language);
    void api.patch('/me', { language }).catch(() => undefined);
  }
  const themes: Record<Theme, string> = { system: t`As the system`, light: t`Light`, dark: t`Dark` };
  return (
    <section className="card stack" aria-labelledby="appearance">
      <h2 id="appearance">
        <Trans>Appearance</Trans>
      </h2>
      <div className="settings-pair">
        <Field label={t`Colours`}>
          {(control) => (
            <select
              {...control}
              className="input"
              value={theme}
              onChange={(e) => {
                const chosen = e.target.value as Theme;
                setTheme(chosen);
                chooseTheme(chosen);
              }}
            >
              {Object.entries(themes).map(([value, name]) => (
                <option key={value} value={value}>
                  {name}
                </option>
              ))}
            </select>
          )}
        </Field>
        <Field label={t`Language`}>
          {(control) => (
            <select {...control} className="input" value={i18n.locale} onChange={(e) => isLanguage(e.target.value) && speak(e.target.value)}>
              {Object.entries(LANGUAGES).map(([code, name]) => (
                <option key={code} value={code} lang={code}>
                  {name}
                </option>
              ))}
            </select>
          )}
        </Field>
      </div>
    </section>
  );
}

function Profile() {
  const { t } = useLingui();
  const client = useQueryClient();
  const me = useQuery(sessionQuery);
  const roles = useRoleNames();
  const [name, setName] = useState(me.data?.display_name ?? '');
  const change = useMutation({
    mutationFn: () => api.patch<User>('/me', { display_name: name }),
    onSuccess: (user) => {
      client.setQueryData(sessionQuery.queryKey, user);
      news.add({ title: t`Saved.` });
    },
  });
  function submit(event: SubmitEvent) {
    event.preventDefault();
    change.mutate();
  }
  return (
    <section className="card" aria-labelledby="profile">
      <form className="stack" onSubmit={submit}>
        <h2 id="profile">
          <Trans>Profile</Trans>
        </h2>
        <p className="quiet small">
          {me.data != null && [me.data.email, roles[me.data.role]].join(' · ')}
        </p>
        {change.isError && <Trouble error={change.error} />}
        <Field label={t`Name`} fault={faultOf(change.error, 'display_name')}>
          {(control) => <input {...control} className="input" autoComplete="name" value={name} onChange={(e) => setName(e.target.value)} />}
        </Field>
        <div>
          <button type="submit" className="button" disabled={change.isPending}>
            <Trans>Save</Trans>
          </button>
        </div>
      </form>
    </section>
  );
}

function Password() {
  const { t } = useLingui();
  const [old, setOld] = useState('');
  const [next, setNext] = useState('');
  const change = useMutation({
    mutationFn: () => api.put('/me/password', { current_password: old, new_password: next }),
    onSuccess: () => {
      setOld('');
      setNext('');
      news.add({ title: t`The password is changed. Other devices are signed out.` });
    },
  });
  function submit(event: SubmitEvent) {
    event.preventDefault();
    change.mutate();
  }
  return (
    <section className="card" aria-labelledby="password">
      <form className="stack" onSubmit={submit}>
        <h2 id="password">
          <Trans>Password</Trans>
        </h2>
        {change.isError && <Trouble error={change.error} />}
        <div className="settings-pair">
          <Field label={t`Old password`} fault={faultOf(change.error, 'current_password')}>
            {(control) => <input {...control} className="input" type="password" autoComplete="current-password" required value={old} onChange={(e) => setOld(e.target.value)} />}
          </Field>
          <Field label={t`New password`} fault={faultOf(change.error, 'new_password')}>
            {(control) => <input {...control} className="input" type="password" autoComplete="new-password" required value={next} onChange={(e) => setNext(e.target.value)} />}
          </Field>
        </div>
        <div>
          <button type="submit" className="button" disabled={change.isPending}>
            <Trans>Change it</Trans>
          </button>
        </div>
      </form>
    </section>
  );
}

function Sessions() {
  const { t } = useLingui();
  const client = useQueryClient();
  const sessions = useQuery({ queryKey: ['sessions'], queryFn: ({ signal }) => api.get<ListPage<Session>>('/me/sessions', signal) });
  const end = useMutation({
    mutationFn: (id: string) => api.delete(`/me/sessions/${id}`),
    onSettled: () => client.invalidateQueries({ queryKey: ['sessions'] }),
  });
  return (
    <section className="card stack" aria-labelledby="sessions">
      <h2 id="sessions">
        <Trans>Where you are signed in</Trans>
      </h2>
      {end.isError && <Trouble error={end.error} />}
      <Loaded from={sessions}>
        {({ items }) => (
          <ul className="settings-list">
            {items.map((session) => (
              <li key={session.id} className="spread">
                <span>
                  <span title={session.client}>{session.client === '' ? t`Unknown program` : programName(session.client)}</span>{' '}
                  <span className="quiet small">
                    {session.address} · <Moment at={session.last_used} />
                  </span>
                </span>
                {session.current ? (
                  <span className="badge">{t`this one`}</span>
                ) : (
                  <button type="button" className="button small" disabled={end.isPending} onClick={() => end.mutate(session.id)}>
                    <Trans>Sign out</Trans>
                  </button>
                )}
              </li>
            ))}
          </ul>
        )}
      </Loaded>
    </section>
  );
}

import { Trans, useLingui } from '@lingui/react/macro';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Link, Outlet, useRouter } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { api } from '../api/client';
import { signedOut, useRole } from '../api/session';
import { Icon, type IconName } from '../components/icon';
import { ConversationList } from '../features/chat/conversation-list';
import { OfflineCopies } from '../features/chat/offline-copies';
import { OutboxRunner } from '../features/chat/outbox-runner';
import { ShortcutKeys } from '../features/palette/shortcut-keys';
import { runCommand } from '../lib/commands';
import { NewsBar } from './news-bar';
import './shell.css';

/** What stands around every page: conversations, the way to the other pages, and whether there is a network. */
export function Shell() {
  const { t } = useLingui();
  const [open, setOpen] = useState(false);
  const router = useRouter();
  useEffect(() => router.subscribe('onBeforeLoad', () => setOpen(false)), [router]);
  useEffect(() => {
    function escape(event: KeyboardEvent) {
      if (event.key === 'Escape') setOpen(false);
    }
    window.addEventListener('keydown', escape);
    return () => window.removeEventListener('keydown', escape);
  }, []);
  return (
    <div className="shell">
      <a className="button skip" href="#content">
        <Trans>Skip to the content</Trans>
      </a>
      {open && <button type="button" className="side-veil" aria-label={t`Close the menu`} onClick={() => setOpen(false)} />}
      <aside className="side" data-open={open}>
        <div className="side-head spread">
          <Link to="/">
            <img src="/icon.svg" alt="" />
            Steward
          </Link>
          <button type="button" className="button plain icon small" aria-label={t`Search and commands`} title={t`Search and commands`} aria-haspopup="dialog" onClick={() => void runCommand('palette')}>
            <Icon name="keys" />
          </button>
          <Link to="/" className="button plain icon small" aria-label={t`New conversation`} title={t`New conversation`}>
            <Icon name="plus" />
          </Link>
        </div>
        <nav className="side-body" aria-label={t`Conversations`}>
          <ConversationList />
        </nav>
        <Places />
      </aside>
      <div className="main">
        <div>
          <header className="bar">
            <button type="button" className="button plain icon" aria-label={t`Menu`} aria-expanded={open} onClick={() => setOpen(true)}>
              <Icon name="menu" />
            </button>
            <strong>Steward</strong>
          </header>
          <NewsBar />
        </div>
        <OutboxRunner />
        <OfflineCopies />
        <ShortcutKeys />
        <Outlet />
      </div>
    </div>
  );
}

function Places() {
  const { t } = useLingui();
  const operator = useRole('operator');
  const admin = useRole('admin');
  const client = useQueryClient();
  const signOut = useMutation({
    mutationFn: () => api.post('/auth/logout'),
    onSettled: () => signedOut(client),
  });
  return (
    <nav className="side-foot" aria-label={t`Pages`}>
      <Place to="/tasks" icon="tasks" name={t`Tasks`} />
      <Place to="/schedules" icon="clock" name={t`Schedules`} />
      <Place to="/dead-letters" icon="dead" name={t`Dead letters`} />
      <Place to="/agents" icon="agents" name={t`Agents`} />
      {operator && <Place to="/models" icon="models" name={t`Models`} />}
      {operator && <Place to="/status" icon="status" name={t`Status`} />}
      {admin && <Place to="/users" icon="users" name={t`People`} />}
      <Place to="/settings" icon="settings" name={t`Settings`} />
      <button type="button" className="button plain nav-link" onClick={() => signOut.mutate()}>
        <Icon name="leave" />
        <Trans>Sign out</Trans>
      </button>
    </nav>
  );
}

function Place({ to, icon, name }: { to: string; icon: IconName; name: string }) {
  return (
    <Link to={to} className="nav-link" activeProps={{ 'aria-current': 'page' }}>
      <Icon name={icon} />
      {name}
    </Link>
  );
}

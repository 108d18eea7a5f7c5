import { Plural, Trans, useLingui } from '@lingui/react/macro';
import { useInfiniteQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { lazy, type SubmitEvent, Suspense, useCallback, useRef, useState } from 'react';
import { api } from '../../api/client';
import type { Conversation } from '../../api/types';
import { Icon } from '../../components/icon';
import { MarkedText } from '../../components/marked-text';
import { news } from '../../components/toasts';
import { Trouble } from '../../components/trouble';
import { useCommand } from '../../lib/commands';
import { useSettled } from '../../lib/use-settled';
import './conversation-list.css';
import { conversationsQuery, searchQuery, useChangeConversation } from './queries';

const ConversationMenu = lazy(() => import('./conversation-menu'));

/** How long typing rests before the server is asked, in milliseconds. */
const PAUSE_MS = 200;

/** How long a deleted conversation can be taken back, in milliseconds. */
const UNDO_MS = 7_000;

export function ConversationList() {
  const { t } = useLingui();
  const [words, setWords] = useState('');
  const [gone, setGone] = useState<ReadonlySet<string>>(new Set());
  const remove = useDelete(setGone);
  const search = useRef<HTMLInputElement>(null);
  useCommand('search', useCallback(() => search.current?.focus(), []));
  const asked = useSettled(words.trim(), PAUSE_MS);
  return (
    <div className="conversations">
      <div className="conversations-search">
        <Icon name="search" size={16} />
        <input ref={search} type="search" className="input" aria-label={t`Search conversations`} placeholder={t`Search`} value={words} onChange={(e) => setWords(e.target.value)} />
      </div>
      {words.trim() === '' ? <Recent gone={gone} onDelete={remove} /> : <Found words={asked} gone={gone} />}
    </div>
  );
}

function Recent({ gone, onDelete }: { gone: ReadonlySet<string>; onDelete: (c: Conversation) => void }) {
  const { t } = useLingui();
  const [archived, setArchived] = useState(false);
  const list = useInfiniteQuery(conversationsQuery(archived));
  const shown = (list.data?.pages ?? []).flatMap((page) => page.items).filter((c) => !gone.has(c.id));
  const pinned = shown.filter((c) => c.pinned);
  const others = shown.filter((c) => !c.pinned);
  return (
    <>
      {list.isError && list.data === undefined && <Trouble error={list.error} again={() => void list.refetch()} />}
      {pinned.length > 0 && <Group name={t`Pinned`} items={pinned} onDelete={onDelete} />}
      {others.length > 0 && <Group name={archived ? t`Archive` : t`Recent`} items={others} onDelete={onDelete} />}
      {list.isSuccess && shown.length === 0 && (
        <p className="quiet small conversations-none">{archived ? <Trans>The archive is empty.</Trans> : <Trans>No conversation yet.</Trans>}</p>
      )}
      {list.hasNextPage && <Older onClick={() => void list.fetchNextPage()} />}
      <button type="button" className="button plain small quiet" aria-pressed={archived} onClick={() => setArchived(!archived)}>
        <Icon name="archive" size={16} />
        {archived ? <Trans>Leave the archive</Trans> : <Trans>Archive</Trans>}
      </button>
    </>
  );
}

/** What the server finds in titles and messages, each with the place where the words are. */
function Found({ words, gone }: { words: string; gone: ReadonlySet<string> }) {
  const { t } = useLingui();
  const list = useInfiniteQuery(searchQuery(words));
  const shown = (list.data?.pages ?? []).flatMap((page) => page.items).filter((c) => !gone.has(c.id));
  return (
    <section aria-label={t`Found`} aria-busy={list.isFetching}>
      {list.isError && <Trouble error={list.error} again={() => void list.refetch()} />}
      <p className="visually-hidden" role="status">
        {list.isSuccess && !list.isPlaceholderData && <Plural value={shown.length} one="# conversation found" other="# conversations found" />}
      </p>
      {list.isSuccess && shown.length === 0 && (
        <p className="quiet small conversations-none">
          <Trans>Nothing found.</Trans>
        </p>
      )}
      <ul>
        {shown.map(({ id, title, hit }) => (
          <li key={id}>
            <Link to="/c/$id" params={{ id }} search={hit == null ? {} : { turn: hit.turn_id }} className="nav-link found">
              <span className="conversation-title">{title}</span>
              {hit != null && (
                <span className="found-text small quiet">
                  <MarkedText text={hit.text} marks={hit.marks} />
                </span>
              )}
            </Link>
          </li>
        ))}
      </ul>
      {list.hasNextPage && <Older onClick={() => void list.fetchNextPage()} />}
    </section>
  );
}

function Older({ onClick }: { onClick: () => void }) {
  return (
    <button type="button" className="button plain small" onClick={onClick}>
      <Trans>Show older ones</Trans>
    </button>
  );
}

function Group({ name, items, onDelete }: { name: string; items: Conversation[]; onDelete: (c: Conversation) => void }) {
  return (
    <section aria-label={name}>
      <h2 className="nav-group">{name}</h2>
      <ul>
        {items.map((conversation) => (
          <Item key={conversation.id} conversation={conversation} onDelete={onDelete} />
        ))}
      </ul>
    </section>
  );
}

function Item({ conversation, onDelete }: { conversation: Conversation; onDelete: (c: Conversation) => void }) {
  const { t } = useLingui();
  const { id, title } = conversation;
  const button = useRef<HTMLButtonElement>(null);
  const [open, setOpen] = useState(false);
  const [renaming, setRenaming] = useState(false);
  const change = useChangeConversation();
  if (renaming) {
    return (
      <li>
        <Rename title={title} onDone={() => setRenaming(false)} onRename={(name) => change.mutate({ id, title: name })} />
      </li>
    );
  }
  return (
    <li className="conversation">
      <Link to="/c/$id" params={{ id }} className="nav-link" activeProps={{ 'aria-current': 'page' }} title={title}>
        <span className="conversation-title">{title}</span>
      </Link>
      <button ref={button} type="button" className="button plain icon small" aria-haspopup="menu" aria-expanded={open} aria-label={t`What to do with "${title}"`} onClick={() => setOpen(true)}>
        <Icon name="more" size={16} />
      </button>
      {open && (
        <Suspense>
          <ConversationMenu button={button} conversation={conversation} onClose={() => setOpen(false)} onRename={() => setRenaming(true)} onChange={(what) => change.mutate({ id, ...what })} onDelete={() => onDelete(conversation)} />
        </Suspense>
      )}
    </li>
  );
}

function Rename({ title, onRename, onDone }: { title: string; onRename: (title: string) => void; onDone: () => void }) {
  const { t } = useLingui();
  const [name, setName] = useState(title);
  function submit(event: SubmitEvent) {
    event.preventDefault();
    if (name.trim() !== '' && name !== title) onRename(name.trim());
    onDone();
  }
  return (
    <form onSubmit={submit}>
      <input className="input" aria-label={t`New name`} value={name} maxLength={200} autoFocus onChange={(e) => setName(e.target.value)} onBlur={onDone} onKeyDown={(e) => e.key === 'Escape' && onDone()} />
    </form>
  );
}

/** Hides at once, deletes when the time to take it back is over. */
function useDelete(setGone: (change: (gone: ReadonlySet<string>) => ReadonlySet<string>) => void) {
  const { t } = useLingui();
  const client = useQueryClient();
  const navigate = useNavigate();
  return ({ id, title }: Conversation) => {
    const unhide = () => setGone((gone) => new Set([...gone].filter((other) => other !== id)));
    setGone((gone) => new Set([...gone, id]));
    if (window.location.pathname === `/c/${id}`) void navigate({ to: '/' });
    const timer = setTimeout(() => {
      api
        .delete(`/conversations/${id}`)
        .then(() => client.invalidateQueries({ queryKey: ['conversations'] }))
        .catch(() => {
          unhide();
          news.add({ title: t`"${title}" could not be deleted. It is still there.` });
        });
    }, UNDO_MS);
    const toast = news.add({
      title: t`"${title}" is deleted.`,
      timeout: UNDO_MS,
      actionProps: {
        children: t`Undo`,
        onClick: () => {
          clearTimeout(timer);
          unhide();
          news.close(toast);
        },
      },
    });
  };
}

import { Trans, useLingui } from '@lingui/react/macro';
import { useInfiniteQuery, useQueryClient } from '@tanstack/react-query';
import { useCallback, useEffect, useLayoutEffect, useMemo, useRef, useState } from 'react';
import { ProblemError } from '../../api/problem';
import type { Page, Turn } from '../../api/types';
import { Icon } from '../../components/icon';
import { Trouble } from '../../components/trouble';
import { accountId } from '../../lib/account';
import { TRY_NOW } from '../../lib/backoff';
import { copyText } from '../../lib/clipboard';
import { useCommand } from '../../lib/commands';
import { newKey } from '../../lib/keys';
import { outbox, type Unsent } from '../../lib/outbox';
import { rememberMine, useMine } from '../../lib/storage';
import { onTabs } from '../../lib/tabs';
import { Chunk } from './chunk';
import { Composer } from './composer';
import { useUnsent } from './outbox-runner';
import { branchSlot, isUnfinished, NEWEST, refreshTurns, turnsQuery, useTurnAction } from './queries';
import { Question, TurnItem } from './turn-item';
import { TakeBack } from './take-back';

/** How near to its end a reader is to be taken along by new words, in pixels. */
const NEAR_PX = 80;

/** How near to the beginning older messages are fetched, in pixels. */
const OLDER_PX = 1_200;

/** Turns that are drawn, and left away, together. */
const CHUNK = 10;

/** Chunks at the end that are drawn before anything is shown: more than a screen holds. */
const AT_ONCE = 2;

/** What was read this short a time ago, in milliseconds, is not asked for again. */
const FRESH_MS = 2_000;

export function Thread({ conversation, title, target }: { conversation: string; title: string | undefined; target: string | undefined }) {
  const { t } = useLingui();
  const chosen = useMine(branchSlot(conversation));
  const list = useInfiniteQuery(turnsQuery(conversation, chosen ?? NEWEST));
  const unsent = useUnsent(conversation);
  const act = useTurnAction(conversation);
  useFreshTurns(conversation);
  useForgetGone(list.error, conversation);
  const { hasNextPage, isFetching, fetchNextPage } = list;
  const older = useCallback(() => {
    if (hasNextPage && !isFetching) void fetchNextPage();
  }, [hasNextPage, isFetching, fetchNextPage]);
  const { frame, content, away, toEnd, leaveEnd } = useStickToEnd(older);
  const pages = list.data?.pages;
  const chunks = useMemo(() => chunksOf(pages ?? [], unsent), [pages, unsent]);
  const shown = useMemo(() => chunks.flat(), [chunks]);
  useTarget({ conversation, target, shown, more: hasNextPage, older, leaveEnd });
  const live = shown.find(isUnfinished);
  const last = shown.at(-1);
  const { mutate } = act;
  const cancel = useCallback((turn: string) => mutate({ turn, action: 'cancel' }), [mutate]);
  const show = useCallback((turn: string) => rememberMine(branchSlot(conversation), turn), [conversation]);
  const edit = useCallback(
    (turn: Turn, message: string) => {
      if (isUnfinished(turn)) cancel(turn.id);
      outbox.put({ key: newKey(), conversation, isNew: false, message, agent: undefined, edits: turn.id, written: Date.now() });
    },
    [conversation, cancel],
  );
  const newest = last?.id;
  const regenerate = useCallback((turn: string) => mutate({ turn, action: 'regenerate' }), [mutate]);
  const mayRegenerate = last !== undefined && last.message !== '' && !isUnfinished(last);
  return (
    <main className="chat" id="content" tabIndex={-1}>
      <div className="scroll" ref={frame} tabIndex={0} role="region" aria-label={t`Messages`}>
        <div className="thread" ref={content}>
          <h1 className="visually-hidden">{title ?? t`Conversation`}</h1>
          {list.hasNextPage && (
            <button type="button" className="button plain small" disabled={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
              <Trans>Show what was said before</Trans>
            </button>
          )}
          {list.isError && <Trouble error={list.error} again={() => void (list.data === undefined ? list.refetch() : list.fetchNextPage())} />}
          {list.isPending && (
            <p className="quiet working" role="status">
              <Trans>Loading</Trans>
            </p>
          )}
          {chunks.map((turns, i) => (
            <Chunk key={turns[0]?.id ?? ''} frame={frame} always={i === chunks.length - 1 || holds(turns, target)} atOnce={i >= chunks.length - AT_ONCE}>
              {turns.map((turn) => (
                <TurnItem
                  key={turn.id}
                  turn={turn}
                  live={turn === live}
                  onEdit={edit}
                  onCancel={cancel}
                  onShow={show}
                  onRegenerate={turn === last && mayRegenerate ? regenerate : undefined}
                />
              ))}
            </Chunk>
          ))}
          {unsent.map((item) => (
            <Question key={item.key} message={item.message}>
              <TakeBack item={item} />
            </Question>
          ))}
          {act.isError && <Trouble error={act.error} />}
        </div>
      </div>
      <div className="chat-foot">
        {away && (
          <button type="button" className="button small to-end" onClick={toEnd}>
            <Icon name="down" size={16} />
            <Trans>To the newest</Trans>
          </button>
        )}
        <Commands toEnd={toEnd} answer={last?.answer ?? ''} turn={mayRegenerate ? newest : undefined} regenerate={regenerate} />
        <Composer
          conversation={conversation}
          running={live !== undefined}
          // Who looks at an older branch goes on with that one; what waits already goes first.
          after={chosen !== undefined && unsent.length === 0 ? newest : undefined}
          onStop={live === undefined ? undefined : () => cancel(live.id)}
          onSent={toEnd}
        />
      </div>
    </main>
  );
}

/** What keys and the palette can do here. */
function Commands({ toEnd, answer, turn, regenerate }: { toEnd: () => void; answer: string; turn: string | undefined; regenerate: (turn: string) => void }) {
  const again = useCallback(() => turn !== undefined && regenerate(turn), [turn, regenerate]);
  const copy = useCallback(() => void copyText(answer), [answer]);
  useCommand('newest', toEnd);
  useCommand('regenerate', turn === undefined ? undefined : again);
  useCommand('copy-answer', answer === '' ? undefined : copy);
  return null;
}

/** What is drawn together, the oldest first. A message that is being changed hides what follows it. */
function chunksOf(pages: Page<Turn>[], unsent: readonly Unsent[]): Turn[][] {
  const chunks = pages.toReversed().flatMap((page) => inParts(page.items.toReversed()));
  const edited = new Set(unsent.map((item) => item.edits));
  const cut = chunks.findIndex((turns) => turns.some((turn) => edited.has(turn.id)));
  if (cut < 0) return chunks;
  const turns = chunks[cut] ?? [];
  return [...chunks.slice(0, cut), turns.slice(0, turns.findIndex((turn) => edited.has(turn.id)))];
}

/** A page in parts. It grows at its end, so parts are counted from its beginning and stay what they are. */
function inParts(turns: Turn[]): Turn[][] {
  return Array.from({ length: Math.ceil(turns.length / CHUNK) }, (_, i) => turns.slice(i * CHUNK, (i + 1) * CHUNK));
}

function holds(turns: Turn[], target: string | undefined): boolean {
  return target !== undefined && turns.some((turn) => turn.id === target);
}

/** Brings what another tab or device said, when the person comes back here or the server does. */
function useFreshTurns(conversation: string) {
  const client = useQueryClient();
  useEffect(() => {
    const refresh = () => void refreshTurns(client, conversation).catch(() => undefined);
    const onVisible = () => document.visibilityState === 'visible' && refresh();
    const stop = onTabs(accountId, (other) => other === conversation && refresh());
    window.addEventListener('online', refresh);
    window.addEventListener(TRY_NOW, refresh);
    document.addEventListener('visibilitychange', onVisible);
    // A conversation that was read before is shown as it was, and brought up to date.
    const read = client.getQueryCache().findAll({ queryKey: ['turns', conversation] }).map((query) => query.state);
    if (read.some((state) => state.data !== undefined && Date.now() - state.dataUpdatedAt > FRESH_MS)) refresh();
    return () => {
      stop();
      window.removeEventListener('online', refresh);
      window.removeEventListener(TRY_NOW, refresh);
      document.removeEventListener('visibilitychange', onVisible);
    };
  }, [client, conversation]);
}

/** Pages that are fetched to find a turn; one further up is left to scrolling. */
const TARGET_PAGES_MAX = 40;

interface Target {
  conversation: string;
  target: string | undefined;
  shown: Turn[];
  more: boolean;
  older: () => void;
  leaveEnd: () => void;
}

/** Goes to the turn that the address names: on its branch, and as far up as it takes. */
function useTarget({ conversation, target, shown, more, older, leaveEnd }: Target) {
  const reached = useRef<string>(undefined);
  const pages = useRef(0);
  useEffect(() => {
    if (target === undefined) return;
    pages.current = 0;
    reached.current = undefined;
    rememberMine(branchSlot(conversation), target);
  }, [conversation, target]);
  useEffect(() => {
    if (target === undefined || reached.current === target || shown.length === 0) return;
    if (!shown.some((turn) => turn.id === target)) {
      if (more && pages.current++ < TARGET_PAGES_MAX) older();
      return;
    }
    reached.current = target;
    leaveEnd();
    const found = document.getElementById(`turn-${target}`);
    found?.scrollIntoView({ block: 'center' });
    found?.focus({ preventScroll: true });
  }, [target, shown, more, older, leaveEnd]);
}

/** A branch that this browser remembers and the server does not know leaves the newest to be shown. */
function useForgetGone(error: unknown, conversation: string) {
  useEffect(() => {
    if (error instanceof ProblemError && error.problem.status === 404) rememberMine(branchSlot(conversation), undefined);
  }, [error, conversation]);
}

/** Keeps the end in sight while it grows, unless the reader has gone up to read; then `older` is wanted near the top. */
function useStickToEnd(older: () => void) {
  const frame = useRef<HTMLDivElement>(null);
  const content = useRef<HTMLDivElement>(null);
  const near = useRef(true);
  const [away, setAway] = useState(false);
  const toEnd = useCallback(() => {
    near.current = true;
    setAway(false);
    frame.current?.scrollTo({ top: frame.current.scrollHeight });
  }, []);
  const leaveEnd = useCallback(() => {
    near.current = false;
  }, []);
  useLayoutEffect(() => {
    const element = frame.current;
    if (element === null || content.current === null) return;
    const grown = new ResizeObserver(() => near.current && element.scrollTo({ top: element.scrollHeight }));
    grown.observe(content.current);
    grown.observe(element);
    return () => grown.disconnect();
  }, []);
  useEffect(() => {
    const element = frame.current;
    if (element === null) return;
    let before = element.scrollTop;
    function onScroll() {
      if (element === null) return;
      const atEnd = element.scrollHeight - element.scrollTop - element.clientHeight < NEAR_PX;
      // What grew since the view was moved to the end leads nobody away from it; going up does.
      near.current = atEnd || (near.current && element.scrollTop >= before);
      before = element.scrollTop;
      setAway(!near.current);
      if (!near.current && element.scrollTop < OLDER_PX) {
        // Browsers hold the place of what is read, except at the very top.
        if (element.scrollTop === 0) element.scrollTop = 1;
        older();
      }
    }
    element.addEventListener('scroll', onScroll, { passive: true });
    return () => element.removeEventListener('scroll', onScroll);
  }, [older]);
  return { frame, content, away, toEnd, leaveEnd };
}

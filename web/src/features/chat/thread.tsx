import { Trans, useLingui } from '@lingui/react/macro';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useCallback, useEffect, useLayoutEffect, useMemo, useRef, useState } from 'react';
import type { Turn } from '../../api/types';
import { Icon } from '../../components/icon';
import { Trouble } from '../../components/trouble';
import { Composer } from './composer';
import { redraft } from './draft';
import { useUnsent } from './outbox-runner';
import { turnsQuery, useTurnAction } from './queries';
import { Question, TurnItem } from './turn-item';
import { TakeBack } from './take-back';
import { groupVersions } from './versions';

/** How near to its end a reader is to be taken along by new words, in pixels. */
const NEAR_PX = 80;

/** How near to the beginning older messages are fetched, in pixels. */
const OLDER_PX = 1_200;

const UNFINISHED = new Set(['pending', 'running']);

export function Thread({ conversation, title }: { conversation: string; title: string | undefined }) {
  const { t } = useLingui();
  const list = useInfiniteQuery(turnsQuery(conversation));
  const unsent = useUnsent(conversation);
  const act = useTurnAction(conversation);
  const { hasNextPage, isFetching, fetchNextPage } = list;
  const older = useCallback(() => {
    if (hasNextPage && !isFetching) void fetchNextPage();
  }, [hasNextPage, isFetching, fetchNextPage]);
  const { frame, content, away, toEnd } = useStickToEnd(older);
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const pages = list.data?.pages;
  const turns = useMemo(() => (pages ?? []).flatMap((page) => page.items).reverse(), [pages]);
  const shown = useMemo(() => groupVersions(turns, chosen), [turns, chosen]);
  const live = turns.find((turn) => UNFINISHED.has(turn.status));
  const last = shown.at(-1);
  const show = useCallback(
    (version: string) => {
      const siblings = groupVersions(turns, new Set()).find(({ all }) => all.some((turn) => turn.id === version))?.all ?? [];
      setChosen((before) => new Set([...before].filter((id) => !siblings.some((turn) => turn.id === id)).concat(version)));
    },
    [turns],
  );
  const edit = useCallback(
    (turn: Turn) => redraft(conversation, turn.message),
    [conversation],
  );
  const { mutate } = act;
  const cancel = useCallback((turn: string) => mutate({ turn, action: 'cancel' }), [mutate]);
  const newest = last?.all.at(-1);
  const regenerate = useCallback(() => newest !== undefined && mutate({ turn: newest.id, action: 'regenerate' }), [mutate, newest]);
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
          {list.isError && <Trouble error={list.error} again={() => void list.refetch()} />}
          {list.isPending && (
            <p className="quiet working" role="status">
              <Trans>Loading</Trans>
            </p>
          )}
          {shown.map((versions) => (
            <TurnItem
              key={versions.all[0]?.id}
              versions={versions}
              live={versions.turn === live}
              onEdit={edit}
              onCancel={cancel}
              onShow={show}
              onRegenerate={versions === last && !UNFINISHED.has(versions.turn.status) ? regenerate : undefined}
            />
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
        <Composer
          conversation={conversation}
          running={live !== undefined}
          onStop={live === undefined ? undefined : () => act.mutate({ turn: live.id, action: 'cancel' })}
        />
      </div>
    </main>
  );
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
    function onScroll() {
      if (element === null) return;
      near.current = element.scrollHeight - element.scrollTop - element.clientHeight < NEAR_PX;
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
  return { frame, content, away, toEnd };
}

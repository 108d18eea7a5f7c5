import { Trans, useLingui } from '@lingui/react/macro';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useCallback, useEffect, useLayoutEffect, useRef, useState } from 'react';
import { Icon } from '../../components/icon';
import { Trouble } from '../../components/trouble';
import { remember } from '../../lib/storage';
import { Composer } from './composer';
import { useUnsent } from './outbox-runner';
import { turnsQuery, useTurnAction } from './queries';
import { Question, TurnItem } from './turn-item';

/** How near to its end a reader is to be taken along by new words, in pixels. */
const NEAR_PX = 80;

const UNFINISHED = new Set(['pending', 'running']);

export function Thread({ conversation, title }: { conversation: string; title: string | undefined }) {
  const { t } = useLingui();
  const list = useInfiniteQuery(turnsQuery(conversation));
  const unsent = useUnsent(conversation);
  const act = useTurnAction(conversation);
  const { frame, content, away, toEnd } = useStickToEnd();
  const turns = (list.data?.pages ?? []).flatMap((page) => page.items).reverse();
  // An answer that was given anew hides the older one.
  const shown = turns.filter((turn) => turn.replaced_by == null);
  const live = shown.find((turn) => UNFINISHED.has(turn.status));
  const last = shown.at(-1);
  const edit = useCallback(
    (message: string) => {
      remember(`draft.${conversation}`, message);
      window.dispatchEvent(new CustomEvent('steward:draft', { detail: conversation }));
    },
    [conversation],
  );
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
          {shown.map((turn) => (
            <TurnItem
              key={turn.id}
              turn={turn}
              live={turn === live}
              onEdit={edit}
              onRegenerate={turn === last && !UNFINISHED.has(turn.status) ? () => act.mutate({ turn: turn.id, action: 'regenerate' }) : undefined}
            />
          ))}
          {unsent.map((item) => (
            <Question key={item.key} message={item.message} waiting />
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

/** Keeps the end in sight while it grows, unless the reader has gone up to read. */
function useStickToEnd() {
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
    }
    element.addEventListener('scroll', onScroll, { passive: true });
    return () => element.removeEventListener('scroll', onScroll);
  }, []);
  return { frame, content, away, toEnd };
}

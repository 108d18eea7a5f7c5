import { Trans, useLingui } from '@lingui/react/macro';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { catalogueQuery } from '../../api/catalogue';
import { useRole } from '../../api/session';
import { InstallProgress } from '../../components/install-progress';
import { useTitle } from '../../components/page';
import './chat.css';
import { Composer, NEW } from './composer';
import { redraft } from './draft';
import { useUnsent } from './outbox-runner';
import { conversationQuery, modelsQuery } from './queries';
import { TakeBack } from './take-back';
import { Thread } from './thread';
import { Question } from './turn-item';

export function NewChatPage() {
  const { t } = useLingui();
  const unsent = useUnsent(NEW);
  useTitle(t`New conversation`);
  return (
    <main className="chat" id="content" tabIndex={-1}>
      <div className="scroll" tabIndex={0} role="region" aria-label={t`Messages`}>
        <div className="thread welcome">
          {unsent.length === 0 && (
            <>
              <h1>
                <Trans>What can I do for you?</Trans>
              </h1>
              <ModelLine />
              <Suggestions />
            </>
          )}
          {unsent.map((item) => (
            <Question key={item.key} message={item.message}>
              <TakeBack item={item} />
            </Question>
          ))}
        </div>
      </div>
      <Composer conversation={NEW} running={false} />
    </main>
  );
}

/** What one could begin with; it is put where messages are written, and sent by nobody but the person. */
function Suggestions() {
  const { t } = useLingui();
  const suggestions = [t`Remind me tomorrow at 9 to call the dentist`, t`Draft a friendly reply to a late invoice`, t`Explain how tides work, in five sentences`];
  return (
    <ul className="suggestions" aria-label={t`Ideas`}>
      {suggestions.map((text) => (
        <li key={text}>
          <button type="button" className="button small" onClick={() => redraft(NEW, text)}>
            {text}
          </button>
        </li>
      ))}
    </ul>
  );
}

/** Which model is there to answer, or what to do when none is. */
function ModelLine() {
  const models = useQuery({ ...modelsQuery, refetchInterval: (query) => (query.state.data?.items.length === 0 ? 3_000 : 30_000) });
  const catalogue = useQuery({ ...catalogueQuery, enabled: models.data?.items.length === 0 });
  const coming = catalogue.data?.items.find((model) => model.progress != null);
  const operator = useRole('operator');
  const first = models.data?.items[0];
  if (models.data === undefined) return null;
  if (first !== undefined) {
    return (
      <p className="quiet small">
        <Trans>
          {first.name} answers, {first.privacy === 'local' ? <Trans>on this machine</Trans> : <Trans>elsewhere</Trans>}.
        </Trans>
      </p>
    );
  }
  return (
    <div className="notice warn no-model">
      <span>
        {coming === undefined ? (
          <Trans>No language model is there yet. You can ask all the same: the answer comes as soon as there is one.</Trans>
        ) : (
          <Trans>{coming.display_name} is being fetched. You can ask already: the answer comes as soon as it is there.</Trans>
        )}
      </span>
      {coming !== undefined && <InstallProgress model={coming} />}
      {operator && (
        <Link to="/welcome">
          <Trans>Set up a model</Trans>
        </Link>
      )}
    </div>
  );
}

const route = getRouteApi('/c/$id');

export function ChatPage() {
  const { id } = route.useParams();
  const { turn } = route.useSearch();
  const conversation = useQuery(conversationQuery(id));
  useTitle(conversation.data?.title ?? '…');
  return <Thread key={id} conversation={id} title={conversation.data?.title} target={turn} />;
}

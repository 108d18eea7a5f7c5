import { useLingui } from '@lingui/react/macro';
import { useMutation } from '@tanstack/react-query';
import { api } from '../../api/client';
import { Icon } from '../../components/icon';
import { news } from '../../components/toasts';

type Value = 'up' | 'down';

/** Whether an answer helped. */
export function Rating({ turn }: { turn: string }) {
  const { t } = useLingui();
  const rate = useMutation({
    mutationFn: (rating: Value) => api.post(`/turns/${turn}/feedback`, { body: { rating } }),
    onError: () => news.add({ title: t`Your rating could not be saved.` }),
  });
  const given = rate.isError ? undefined : rate.variables;
  return (
    <>
      <button type="button" className="button plain icon small" aria-label={t`This helped`} title={t`This helped`} aria-pressed={given === 'up'} onClick={() => rate.mutate('up')}>
        <Icon name="good" size={16} />
      </button>
      <button type="button" className="button plain icon small" aria-label={t`This did not help`} title={t`This did not help`} aria-pressed={given === 'down'} onClick={() => rate.mutate('down')}>
        <Icon name="poor" size={16} />
      </button>
    </>
  );
}

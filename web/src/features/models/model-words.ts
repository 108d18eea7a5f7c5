import { useLingui } from '@lingui/react/macro';
import type { CatalogueModel } from '../../api/types';

/** What a model of the catalogue is good for, in the reader's words; the server's where it is not known here. */
export function useModelWords(): (model: Pick<CatalogueModel, 'id' | 'languages' | 'notes'>) => { languages: string; notes: string } {
  const { t } = useLingui();
  const known: Record<string, { languages: string; notes: string }> = {
    'qwen2.5-coder-1.5b': {
      languages: t`English, Chinese and some 27 more; German with mistakes`,
      notes: t`The default. Modest: chat, summaries, drafts and choosing among given answers. Not for dates or facts.`,
    },
    'qwen2.5-coder-0.5b': { languages: t`English, Chinese; others poorly`, notes: t`For machines with little memory. Often wrong.` },
    'smollm2-135m': { languages: t`English`, notes: t`For tests of an installation only: it answers at once, and nonsense.` },
  };
  return (model) => known[model.id] ?? model;
}

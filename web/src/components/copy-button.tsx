import { useLingui } from '@lingui/react/macro';
import { useState } from 'react';
import { copyText } from '../lib/clipboard';
import { Icon } from './icon';

const SHOWN_MS = 1_500;

export function CopyButton({ text, name }: { text: string; name: string }) {
  const { t } = useLingui();
  const [copied, setCopied] = useState(false);
  function copy() {
    void copyText(text).then((done) => {
      setCopied(done);
      if (done) setTimeout(() => setCopied(false), SHOWN_MS);
    });
  }
  return (
    <button type="button" className="button plain icon small" aria-label={copied ? t`Copied` : name} title={name} onClick={copy}>
      <Icon name={copied ? 'check' : 'copy'} size={16} />
    </button>
  );
}

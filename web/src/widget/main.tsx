import { i18n } from '@lingui/core';
import { I18nProvider } from '@lingui/react';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { actAsFrame } from '../api/client';
import '../app/base.css';
import { activate, isLanguage, preferredLanguage } from '../i18n/locales';
import { applyTheme } from '../lib/theme';
import { wishes } from './parent';
import { Widget } from './widget';

actAsFrame();
if (wishes.theme === 'light' || wishes.theme === 'dark') applyTheme(wishes.theme);
await activate(isLanguage(wishes.language) ? wishes.language : preferredLanguage());

const root = document.getElementById('root');
if (root === null) throw new Error('widget.html has no root');
createRoot(root).render(
  <StrictMode>
    <I18nProvider i18n={i18n}>
      <Widget />
    </I18nProvider>
  </StrictMode>,
);

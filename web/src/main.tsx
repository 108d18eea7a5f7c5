import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import './app/base.css';
import { App, startEarly } from './app/app';
import { activate, preferredLanguage } from './i18n/locales';
import { watchForNewVersion } from './lib/new-version';
import { registerServiceWorker } from './lib/service-worker';
import { applyTheme, chosenTheme } from './lib/theme';

applyTheme(chosenTheme());
startEarly();
await activate(preferredLanguage());

const root = document.getElementById('root');
if (root === null) throw new Error('index.html has no root');
createRoot(root).render(
  <StrictMode>
    <App />
  </StrictMode>,
);
registerServiceWorker();
watchForNewVersion();

import { i18n } from '@lingui/core';
import { I18nProvider } from '@lingui/react';
import { QueryClientProvider } from '@tanstack/react-query';
import { lazy, Suspense } from 'react';
import { holdsSession } from '../api/client';
import { sessionQuery } from '../api/session';
import { Gate } from '../features/session/gate';
import { client } from './query-client';

const inside = () => import('./inside');
const Inside = lazy(inside);

/** Who is signed in, and what only they need, is fetched while the words are, not after them. */
export function startEarly(): void {
  if (!holdsSession()) return;
  client.query(sessionQuery).catch(() => undefined);
  void inside();
}

export function App() {
  return (
    <I18nProvider i18n={i18n}>
      <QueryClientProvider client={client}>
        <Gate>
          <Suspense>
            <Inside />
          </Suspense>
        </Gate>
      </QueryClientProvider>
    </I18nProvider>
  );
}

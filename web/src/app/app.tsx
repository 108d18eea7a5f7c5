import { i18n } from '@lingui/core';
import { I18nProvider } from '@lingui/react';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { lazy, Suspense } from 'react';
import { mayPass } from '../api/problem';
import { Gate } from '../features/session/gate';

const RETRIES = 3;

const client = new QueryClient({
  defaultOptions: {
    queries: { retry: (failures, error) => failures < RETRIES && mayPass(error), staleTime: 5_000, networkMode: 'offlineFirst' },
    mutations: { retry: false, networkMode: 'always' },
  },
});

const Inside = lazy(() => import('./inside'));

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

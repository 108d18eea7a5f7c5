import { CSPProvider } from '@base-ui/react/csp-provider';
import { RouterProvider } from '@tanstack/react-router';
import { Toasts } from '../components/toasts';
import { SignInAgain } from '../features/session/sign-in-again';
import { router } from './router';

/** All that only signed-in people need, in chunks of its own. */
export default function Inside() {
  return (
    <CSPProvider disableStyleElements>
      <RouterProvider router={router} />
      <SignInAgain />
      <Toasts />
    </CSPProvider>
  );
}

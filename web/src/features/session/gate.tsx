import { Trans, useLingui } from '@lingui/react/macro';
import { useQuery } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { sessionQuery } from '../../api/session';
import { Loaded } from '../../components/loaded';
import { useTitle } from '../../components/page';
import './gate.css';
import { doorsQuery } from './queries';
import { RegisterForm } from './register-form';
import { SignInForm } from './sign-in-form';

/** Lets signed-in people through; the others sign in or register first. */
export function Gate({ children }: { children: ReactNode }) {
  const session = useQuery(sessionQuery);
  if (session.data === null) return <Door />;
  if (session.data === undefined) {
    return (
      <div className="gate">
        <Loaded from={session}>{() => null}</Loaded>
      </div>
    );
  }
  return children;
}

function Door() {
  const { t } = useLingui();
  const doors = useQuery(doorsQuery);
  const [registering, setRegistering] = useState(false);
  const first = doors.data?.first_account === true;
  const mayRegister = first || doors.data?.registration === 'open';
  useTitle(first ? t`Welcome` : t`Sign in`);
  return (
    <main className="gate" id="content">
      <div className="gate-card">
        <img src="/icon.svg" alt="" />
        <div className="stack-small">
          <h1>{first ? <Trans>Welcome to Steward</Trans> : registering ? <Trans>A new account</Trans> : <Trans>Sign in to Steward</Trans>}</h1>
          {first && (
            <p className="quiet">
              <Trans>Nobody has an account here yet. The first one is the administrator's: create yours.</Trans>
            </p>
          )}
        </div>
        <Loaded from={doors}>{() => (first || registering ? <RegisterForm /> : <SignInForm />)}</Loaded>
        {mayRegister && !first && (
          <button type="button" className="button plain" onClick={() => setRegistering(!registering)}>
            {registering ? <Trans>I have an account</Trans> : <Trans>Create an account</Trans>}
          </button>
        )}
      </div>
    </main>
  );
}

import { Trans, useLingui } from '@lingui/react/macro';
import { type SubmitEvent, useState } from 'react';
import { Field, faultOf } from '../../components/field';
import { Trouble } from '../../components/trouble';
import { useSignIn } from './queries';

export function SignInForm({ email: known }: { email?: string | undefined }) {
  const { t } = useLingui();
  const [email, setEmail] = useState(known ?? '');
  const [password, setPassword] = useState('');
  const signIn = useSignIn();
  function submit(event: SubmitEvent) {
    event.preventDefault();
    signIn.mutate({ email, password });
  }
  return (
    <form className="stack" onSubmit={submit}>
      {signIn.isError && <Trouble error={signIn.error} />}
      <Field label={t`E-mail`} fault={faultOf(signIn.error, 'email')}>
        {(control) => <input {...control} className="input" type="email" autoComplete="username" required value={email} onChange={(e) => setEmail(e.target.value)} autoFocus={known === undefined} />}
      </Field>
      <Field label={t`Password`} fault={faultOf(signIn.error, 'password')}>
        {(control) => <input {...control} className="input" type="password" autoComplete="current-password" required value={password} onChange={(e) => setPassword(e.target.value)} autoFocus={known !== undefined} />}
      </Field>
      <button className="button primary" type="submit" disabled={signIn.isPending}>
        <Trans>Sign in</Trans>
      </button>
    </form>
  );
}

import { Trans, useLingui } from '@lingui/react/macro';
import { type SubmitEvent, useState } from 'react';
import { Field, faultOf } from '../../components/field';
import { Trouble } from '../../components/trouble';
import { useRegister } from './queries';

const PASSWORD_MIN = 8;

export function RegisterForm() {
  const { t } = useLingui();
  const [name, setName] = useState('');
  const [email, setEmail] = useState('');
  const [password, setPassword] = useState('');
  const register = useRegister();
  function submit(event: SubmitEvent) {
    event.preventDefault();
    register.mutate({ email, password, display_name: name });
  }
  return (
    <form className="stack" onSubmit={submit}>
      {register.isError && <Trouble error={register.error} />}
      <Field label={t`Name`} fault={faultOf(register.error, 'display_name')}>
        {(control) => <input {...control} className="input" autoComplete="name" required value={name} onChange={(e) => setName(e.target.value)} autoFocus />}
      </Field>
      <Field label={t`E-mail`} fault={faultOf(register.error, 'email')}>
        {(control) => <input {...control} className="input" type="email" autoComplete="username" required value={email} onChange={(e) => setEmail(e.target.value)} />}
      </Field>
      <Field label={t`Password`} hint={t`At least ${PASSWORD_MIN} characters. A few words that nobody would guess are best.`} fault={faultOf(register.error, 'password')}>
        {(control) => <input {...control} className="input" type="password" autoComplete="new-password" required value={password} onChange={(e) => setPassword(e.target.value)} />}
      </Field>
      <button className="button primary" type="submit" disabled={register.isPending}>
        <Trans>Create the account</Trans>
      </button>
    </form>
  );
}

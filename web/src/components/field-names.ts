import { useLingui } from '@lingui/react/macro';

const CALENDAR_LINE = /^calendar line (\d+), (.*)$/;

/** What the forms call a field, and the place in a calendar file, in the reader's words; nothing for other fields. */
export function useFieldNames(): (field: string) => string | undefined {
  const { t } = useLingui();
  const names: Record<string, string> = {
    email: t`E-mail`,
    password: t`Password`,
    current_password: t`Old password`,
    new_password: t`New password`,
    display_name: t`Name`,
    name: t`Name`,
    url: t`Address`,
    api_key: t`Key`,
    models: t`Models`,
    message: t`Message`,
    input: t`Input`,
    reason: t`Reason`,
    time_zone: t`Time zone`,
    'input.text': t`Of what?`,
    'input.message': t`Question`,
    'schedule.cron': t`Cron rule`,
    'schedule.time_zone': t`Time zone`,
  };
  return (field) => {
    const [, line, name] = CALENDAR_LINE.exec(field) ?? [];
    return line === undefined || name === undefined ? names[field] : t`Line ${line}, ${name}`;
  };
}

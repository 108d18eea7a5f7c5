import { useId } from 'react';

interface Option<T extends string> {
  value: T;
  name: string;
  detail?: string;
}

/** One of a few, each said in full. */
export function Choice<T extends string>({ label, value, onChange, options }: { label: string; value: T; onChange: (value: T) => void; options: Option<T>[] }) {
  const id = useId();
  return (
    <fieldset className="choice">
      <legend>{label}</legend>
      {options.map((option) => (
        <label key={option.value}>
          <input type="radio" name={id} value={option.value} checked={option.value === value} onChange={() => onChange(option.value)} />
          <span>
            {option.name}
            {option.detail !== undefined && <span className="quiet small"> {option.detail}</span>}
          </span>
        </label>
      ))}
    </fieldset>
  );
}
